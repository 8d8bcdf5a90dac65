"""The ranking: only what a test has verified, the best first, apart by data, and nothing in a record can break it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from grading.marks import Mark, Scorecard, Verdict
from grading.pages.leaderboard import Entry, entries, leaderboard_table
from grading.records import Submission
from grading.settings import Leaderboard
from grading.workspace import Workspace

BOARD = Leaderboard("net", "best", "test", "s_test", ("parameters", "steps"), "networks")


def record(**value: object) -> dict[str, object]:
    """A file of records with one record."""
    return {"best": {"data": "shapes", "value": {"test": 0.5, "parameters": 1000, "steps": 7, **value}}}


def ranked(tmp_path: Path, files: dict[str, object], verdicts: dict[str, Verdict] | None = None) -> list[Entry]:
    """Rank a class whose students handed in these files."""
    cards, submissions, work = [], [], Workspace(tmp_path, "a")
    for student, content in files.items():
        folder = work.submission(student)
        folder.mkdir(parents=True)
        if content is not None:
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / "net.results.json").write_text(text)
        verdict = (verdicts or {}).get(student, Verdict.PASSED)
        cards.append(Scorecard("a", student, (Mark("s_test", "net", "s", 1.0, 1.0, verdict),)))
        submissions.append(Submission("a", student, {"net": "net.ipynb"}))
    return entries(BOARD, cards, submissions, work)


def test_the_best_first_and_data_apart(tmp_path: Path) -> None:
    """A result on other data is never above or below; ties are in the order of the names."""
    other = {"best": {"data": "cifar100", "value": {"test": 0.44}}}
    found = ranked(tmp_path, {"ada": record(), "bob": record(test=0.7), "cyd": other, "dan": record()})
    assert [(entry.student, entry.data, entry.score) for entry in found] == [
        ("cyd", "cifar100", 0.44),
        ("bob", "shapes", 0.7),
        ("ada", "shapes", 0.5),
        ("dan", "shapes", 0.5),
    ]
    assert found[1].shown == {"parameters": 1000, "steps": 7}
    assert found[0].shown == {}


def test_only_the_verified(tmp_path: Path) -> None:
    """A record that its test refused, or that a person has to look at, is not ranked, whatever it claims."""
    verdicts = {"liar": Verdict.UNJUDGED, "late": Verdict.FAILED, "some": Verdict.PARTIAL}
    files = {"liar": record(test=1.0), "late": record(test=0.9), "some": record(test=0.6), "good": record()}
    assert [entry.student for entry in ranked(tmp_path, files, verdicts)] == ["some", "good"]


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[",
        "[]",
        "{}",
        '{"best": 3}',
        '{"best": {"data": "x", "value": []}}',
        "[" * 100000,
        record(test="0.9"),
        record(test=True),
        record(test=float("nan")),
        record(test=float("inf")),
        {"best": {"value": {"test": 1}}},
    ],
)
def test_what_is_no_record(tmp_path: Path, content: object) -> None:
    """It is left out; the others are ranked."""
    assert [entry.student for entry in ranked(tmp_path, {"odd": content, "good": record()})] == ["good"]


def test_the_table_with_and_without_names(tmp_path: Path) -> None:
    """Names are shown only when asked for, and markup in them is text."""
    found = [Entry("[red]eve", "shapes", 0.7, {"parameters": 91324.0}), Entry("bob", "shapes", 0.5, {})]

    def printed(names: bool) -> str:
        console = Console(width=100, record=True, file=(tmp_path / "out").open("w"))
        console.print(leaderboard_table(found, BOARD, names=names))
        console.file.close()
        return console.export_text()

    with_names, without = printed(True), printed(False)
    assert "[red]eve" in with_names
    assert "bob" in with_names
    assert "eve" not in without
    assert "91,324" in without
    assert without.index("0.7") < without.index("0.5")
