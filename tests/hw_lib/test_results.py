"""Records: measured once, read back, and every way in which a record can be missing or wrong."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from hw_lib import calibration, errors, provenance, results
from hw_lib.errors import RecordAltered, RecordMissing
from hw_lib.results import Recorder, plain


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """A recorder in an empty folder, outside of grading."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("HW_LIB_QUIET", raising=False)
    return Recorder("q_demo", tmp_path)


def never() -> None:
    """Stand in for training that must not run."""
    raise AssertionError("the function ran")


def test_the_second_call_reads(recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    """A valid record with the same settings is returned, in one line that says so."""
    assert recorder.measure("one", lambda: {"loss": 1.5}, {"seed": 1}, data="shapes") == {"loss": 1.5}
    assert capsys.readouterr().out == ""
    assert recorder.measure("one", never, {"seed": 1}, data="shapes") == {"loss": 1.5}
    assert capsys.readouterr().out == "one: read from q_demo.results.json; nothing that it used has changed since it was measured\n"


@pytest.mark.parametrize("change", [{"settings": {"seed": 2}}, {"data": "cifar10"}])
def test_it_measures_again(recorder: Recorder, change: dict) -> None:
    """Other settings or other data run the function and replace the record."""
    recorder.measure("one", lambda: 1, {"seed": 1}, data="shapes")
    options = {"settings": {"seed": 1}, "data": "shapes", **change}
    assert recorder.measure("one", lambda: 2, **options) == 2
    assert recorder.read("one").value == 2


def test_a_forgotten_record_is_measured_once_more(recorder: Recorder) -> None:
    """`forget` keeps the old value until the cell has run, and counts for one run."""
    recorder.measure("one", lambda: 1)
    recorder.forget("one")
    assert recorder.read("one").value == 1
    assert recorder.measure("one", lambda: 2) == 2
    assert recorder.measure("one", never) == 2


def test_a_changed_answer_is_said_and_the_next_run_measures(
    recorder: Recorder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record knows the answer it came from: the first run after a change says so, the second one measures again."""
    shell = InteractiveShell(user_ns={"recorder": recorder})
    monkeypatch.setattr(provenance, "NOTEBOOK", shell.run_cell("def f(): pass\nf.__module__").result)
    cell = "def run():\n    return rate() * 2\nrecorder.measure('one', run)"
    shell.run_cell("def rate():\n    return 1")
    assert shell.run_cell(cell).result == 2
    shell.run_cell("def rate():\n    return 1  # a comment is no change")
    capsys.readouterr()
    assert shell.run_cell(cell).result == 2
    assert "nothing that it used has changed" in capsys.readouterr().out
    shell.run_cell("def rate():\n    return 4")
    assert shell.run_cell(cell).result == 2
    said = capsys.readouterr().out
    assert "but rate changed since it was measured" in said
    assert "run this cell once more" in said
    assert shell.run_cell(cell).result == 8
    shell.run_cell("def rate():\n    return 5")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    capsys.readouterr()
    assert shell.run_cell(cell).result == 8
    assert "one: rate changed after this was measured" in capsys.readouterr().out


def test_a_record_without_the_code_it_came_from_is_read(recorder: Recorder) -> None:
    """Where no source can be read, nothing is known of changes, and nothing is said."""
    recorder.measure("one", lambda: 1)
    assert recorder.read("one").code == {}


def test_a_record_says_where_it_comes_from(recorder: Recorder) -> None:
    """Settings, data, seconds and the versions that matter are in the record."""
    recorder.measure("one", lambda: [1.0], {"seed": 1}, data="shapes")
    record = recorder.read("one")
    assert (record.name, record.settings, record.data, record.value) == ("one", {"seed": 1}, "shapes", [1.0])
    assert record.seconds >= 0
    assert {"python", "numpy", "torch", "platform", "device"} == set(record.environment)


def test_other_records_are_kept(recorder: Recorder) -> None:
    """Writing one record leaves the others, and no temporary file remains."""
    recorder.measure("one", lambda: 1)
    recorder.measure("two", lambda: 2)
    assert (recorder.read("one").value, recorder.read("two").value) == (1, 2)
    assert [path.name for path in recorder.path.parent.iterdir()] == ["q_demo.results.json"]


def test_the_order_of_a_dict_survives(recorder: Recorder) -> None:
    """A value read back prints like the value measured."""
    recorder.measure("one", lambda: {"without": 1, "with": 2})
    assert list(recorder.read("one").value) == ["without", "with"]


def test_grading_reads_and_never_runs(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """In grading mode the record is read, silently, even on a machine with other data."""
    recorder.measure("one", lambda: 1, {"seed": 1}, data="cifar10")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert recorder.measure("one", never, {"seed": 1}, data="shapes") == 1


def test_grading_without_a_file(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file is a RecordMissing that says what to run and what to hand in."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(RecordMissing) as caught:
        recorder.measure("one", never)
    message = errors.read(str(caught.value))
    assert message.what == "there is no record 'one'"
    assert message.got == "no such file"
    assert "hand in q_demo.results.json together with the notebook" in message.fix


def test_grading_without_the_record(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that holds other records only is a RecordMissing too."""
    recorder.measure("other", lambda: 1)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(RecordMissing, match="a file without 'one'"):
        recorder.measure("one", never)


def test_grading_with_other_settings(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record measured with settings that are not the notebook's is said plainly."""
    recorder.measure("one", lambda: 1, {"seed": 1})
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(RecordMissing, match="settings that are not the notebook's"):
        recorder.measure("one", never, {"seed": 2})


def edit(recorder: Recorder, **changes: object) -> None:
    """Change a record by hand, as a student might."""
    entries = json.loads(recorder.path.read_text())
    entries["one"].update(changes)
    recorder.path.write_text(json.dumps(entries))


@pytest.mark.parametrize(
    "changes",
    [
        {"value": 2},
        {"settings": {"seed": 9}},
        {"name": "two"},
        {"sha256": ""},
        {"sha256": None},
        {"value": float("nan")},
        {"data": "x"},
    ],
)
def test_a_changed_record_is_noticed(recorder: Recorder, monkeypatch: pytest.MonkeyPatch, changes: dict) -> None:
    """Any edit of a record is a RecordAltered while grading."""
    recorder.measure("one", lambda: 1, {"seed": 1})
    edit(recorder, **changes)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(RecordAltered) as caught:
        recorder.measure("one", never, {"seed": 1})
    message = errors.read(str(caught.value))
    assert message.what == "the record 'one' was changed after it was written"
    assert message.fix.startswith("run the cell that measures 'one' again")


SECONDS = (math.nan, math.inf, -1.0, True, "1", None)
OTHERS: tuple[dict[str, Any], ...] = (
    *({"sha256": ""}, {"sha256": None}, {"sha256": 0}, {"environment": []}, {"settings": None}, {"code": "x"}),
    *({"value": math.nan}, {"more": 1}, {"data": 3}, {"name": "two"}),
)
CHANGES = st.lists(st.sampled_from([*({"seconds": value} for value in SECONDS), *OTHERS]), min_size=1, max_size=3)


@given(changes=CHANGES, gone=st.sampled_from(["", "seconds", "sha256", "value", "code"]))
def test_no_record_that_was_touched_is_read(changes: list[dict[str, Any]], gone: str) -> None:
    """Whatever is changed, added or left out, and whatever it is signed with, the record is missing or altered."""
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder("q_demo", folder)
        recorder.measure("one", lambda: 1, {"seed": 1})
        entries = json.loads(recorder.path.read_text())
        for change in changes:
            entries["one"].update(change)
        entries["one"].pop(gone, None)
        recorder.path.write_text(json.dumps(entries))
        with pytest.raises((RecordAltered, RecordMissing)):
            recorder.read("one")


@pytest.mark.parametrize("change", [{"seconds": -1.0}, {"environment": []}, {"more": 1}, {"settings": None}, {"seconds": True}])
def test_a_record_that_is_signed_anew_has_its_form(recorder: Recorder, change: dict[str, Any]) -> None:
    """A forger can compute the checksum; what no run writes is refused all the same."""
    recorder.measure("one", lambda: 1, {"seed": 1})
    fields = {key: value for key, value in json.loads(recorder.path.read_text())["one"].items() if key != "sha256"} | change
    recorder.path.write_text(json.dumps({"one": {**fields, "sha256": results._checksum(fields)}}))
    with pytest.raises(RecordAltered):
        recorder.read("one")


def test_a_record_under_another_name_is_noticed(recorder: Recorder) -> None:
    """A record copied to another name does not count as that one."""
    recorder.measure("one", lambda: 1)
    entries = json.loads(recorder.path.read_text())
    recorder.path.write_text(json.dumps({"two": entries["one"], "three": 3}))
    for name in ("two", "three"):
        with pytest.raises(RecordAltered):
            recorder.read(name)


def test_a_changed_record_is_measured_again(recorder: Recorder) -> None:
    """Outside of grading a changed record is simply measured anew."""
    recorder.measure("one", lambda: 1)
    edit(recorder, value=5)
    assert recorder.measure("one", lambda: 1) == 1


@pytest.mark.parametrize("content", ["{broken", "[1, 2]", "\x00"])
def test_a_damaged_file_is_moved_aside(recorder: Recorder, capsys: pytest.CaptureFixture[str], content: str) -> None:
    """What cannot be read is kept under another name, and one line says so."""
    recorder.path.write_text(content)
    recorder.measure("one", lambda: 1)
    assert recorder.read("one").value == 1
    assert (recorder.path.parent / "q_demo.results.damaged.json").read_text() == content
    assert "q_demo.results.json could not be read; it is kept as q_demo.results.damaged.json" in capsys.readouterr().out


def test_quiet_means_silent(recorder: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With HW_LIB_QUIET the notice is left out, so that executed notebooks do not differ."""
    monkeypatch.setenv("HW_LIB_QUIET", "1")
    recorder.measure("one", lambda: 1)
    recorder.measure("one", never)
    assert capsys.readouterr().out == ""


def test_numbers_of_numpy_and_torch_become_plain() -> None:
    """Arrays, tensors, scalars, tuples and non-string keys are turned into what JSON holds."""
    value = {
        1: np.float32(0.5),
        "b": (np.arange(2), torch.tensor([1.5])),
        "c": np.int64(3),
        "d": [True, None, "x", torch.tensor(2)],
    }
    assert plain(value) == {"1": 0.5, "b": [[0, 1], [1.5]], "c": 3, "d": [True, None, "x", 2]}


@pytest.mark.parametrize("value", [float("nan"), np.inf, torch.tensor(float("nan")), [object()], {"m": torch.nn.Linear(1, 1)}, 1j])
def test_what_json_cannot_hold_is_refused(recorder: Recorder, value: object) -> None:
    """A number that is not finite, or an object, is a TypeError that names the record; nothing is written."""
    with pytest.raises(TypeError, match="what one measured cannot be recorded"):
        recorder.measure("one", lambda: value)
    assert not recorder.path.exists()


def test_what_takes_long_says_so_before(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this machine's time, and only where somebody waits: a record that is read, or a quick cell, says nothing."""
    monkeypatch.setattr(calibration, "_slowness", lambda: 3.0)
    recorder.measure("long", lambda: 1, takes=50)
    assert capsys.readouterr().out == "long: measuring, about 2 minutes on this machine\n"
    recorder.measure("middle", lambda: 1, takes=7)
    assert capsys.readouterr().out == "middle: measuring, about 20 s on this machine\n"
    recorder.measure("quick", lambda: 1, takes=3)
    assert capsys.readouterr().out == ""
    recorder.measure("long", lambda: 1, takes=50)
    assert "measuring" not in capsys.readouterr().out


def test_a_slow_machine_is_told_from_a_quick_one() -> None:
    """The same work, twice as often, takes longer; a duration is rounded as people say it."""
    assert 0 < calibration.here(10.0) == calibration.here(20.0) / 2
    assert [calibration.said(seconds) for seconds in (3, 12, 48, 105, 130, 400)] == [
        "5 s",
        "10 s",
        "50 s",
        "105 s",
        "2 minutes",
        "7 minutes",
    ]
