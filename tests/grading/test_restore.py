"""Whatever a student did to a notebook, every cell of the author's is back, once and in order, and every answer is found."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import notebook as nb
from grading.records import Submission
from grading.restore import Source, merge, restore
from grading.source import student_notebook

from .conftest import MINI, PERFECT, answered, cell

SOURCE = Source("mini", MINI, student_notebook(MINI, "mini")[0])
LOCKED = [found["id"] for found in MINI["cells"] if nb.is_locked(found)]
Cells = list[nb.Cell]


def submitted(change: Callable[[Cells], object] = lambda _: None) -> nb.Notebook:
    """A perfect submission, changed."""
    notebook = copy.deepcopy(answered(SOURCE.student, PERFECT))
    change(notebook["cells"])
    return notebook


def named(cells: Cells, name: str) -> nb.Cell:
    """The cell of that id."""
    return next(found for found in cells if found["id"] == name)


def order(cells: Cells) -> list[str]:
    """Ids in order, without the student's own."""
    return [found["id"] for found in cells if not found["id"].startswith("own-")]


def assert_intact(cells: Cells) -> None:
    """Every source cell is there once, in order; what the student may not change is the source's to the character."""
    assert order(cells) == [found["id"] for found in MINI["cells"]]
    assert len({found["id"] for found in cells}) == len(cells)
    for original in MINI["cells"]:
        restored = named(cells, original["id"])
        assert restored["cell_type"] == original["cell_type"]
        if nb.is_locked(original):
            assert restored == original


def test_an_honest_submission() -> None:
    """Answers stay, hidden tests come back, nothing is noted."""
    cells, answers, notes = merge(submitted(), SOURCE)
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")
    assert notes == ()
    assert named(cells, "a_double")["source"] == PERFECT["a_double"]
    assert "BEGIN HIDDEN TESTS" in named(cells, "a_double_test")["source"]


def test_a_blank_submission() -> None:
    """Nothing is answered, and the stubs stand where they stood."""
    cells, answers, notes = merge(SOURCE.student, SOURCE)
    assert_intact(cells)
    assert (answers, notes) == ((), ())
    assert named(cells, "b_answer")["source"] == "YOUR ANSWER HERE"


def test_pasted_pictures_stay() -> None:
    """A photograph of a derivation is part of a written answer, and of the student's own notes; code has none."""
    picture = {"board.png": {"image/png": "iVBORw0KGgo="}}

    def change(cells: Cells) -> None:
        named(cells, "b_answer").update(source="![board](attachment:board.png)", attachments=picture)
        named(cells, "c_count").update(attachments=picture)
        cells.append({**cell("markdown", "mine", "![board](attachment:board.png)"), "attachments": picture})

    file = {**submitted(change), "nbformat": 4, "nbformat_minor": 5}
    cells, _, _ = merge(nb.parse(json.dumps(file).encode(), "mini"), SOURCE)
    read = nb.parse(nb.dump({"cells": cells, "metadata": {}}).encode(), "again")["cells"]
    assert [found["id"] for found in read if found.get("attachments") == picture] == ["b_answer", "own-0"]


def test_white_space_is_no_answer() -> None:
    """A stub with a newline after it is still a stub."""
    _, answers, _ = merge(submitted(lambda cells: named(cells, "b_answer").update(source="\nYOUR ANSWER HERE  \n")), SOURCE)
    assert answers == ("a_double", "c_count")


def test_answers_keep_the_checksum_of_the_release() -> None:
    """Stock tools tell by it whether a cell was answered."""
    cells, _, _ = merge(submitted(), SOURCE)
    released = named(SOURCE.student["cells"], "b_answer")
    assert nb.meta(named(cells, "b_answer"))["checksum"] == nb.checksum(released)


TEST = "a_double_test"


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda cells: cells.remove(named(cells, TEST)), "locked cell a_double_test was deleted; it was put back"),
        (
            lambda cells: named(cells, TEST).update(source="pass"),
            "locked cell a_double_test differs from the release; the original was graded",
        ),
        (lambda cells: named(cells, TEST).update(cell_type="raw"), "locked cell a_double_test differs"),
        (lambda cells: nb.meta(named(cells, TEST)).update(points=100), "the points of a_double_test differ"),
        (lambda cells: cells.append(copy.deepcopy(named(cells, TEST))), "cell a_double_test is there twice"),
        (lambda cells: cells.remove(named(cells, "setup")), "locked cell setup was deleted"),
        (
            lambda cells: cells.append(cell("code", "x", "", grade=True, points=50, grade_id="zz_extra")),
            "cell zz_extra is not part of the homework",
        ),
        (lambda cells: named(cells, "c_count").update(cell_type="markdown"), "cell c_count was turned into a markdown cell"),
        (lambda cells: named(cells, "b_answer").update(cell_type="code"), "cell b_answer was turned into a code cell"),
    ],
)
def test_what_was_put_right_is_noted(change: Callable[[Cells], object], note: str) -> None:
    """Deleted, edited, revalued, doubled and foreign cells: the source's cells stand, and staff read one sentence."""
    cells, answers, notes = merge(submitted(change), SOURCE)
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")
    assert len(notes) == 1
    assert notes[0].startswith(note)


def test_a_deleted_answer_is_blank() -> None:
    """The stub comes back; the other answers stay."""
    cells, answers, notes = merge(submitted(lambda cells: cells.remove(named(cells, "a_double"))), SOURCE)
    assert_intact(cells)
    assert answers == ("b_answer", "c_count")
    assert notes == ("cell a_double was deleted; it counts as blank",)
    assert "raise NotImplementedError" in named(cells, "a_double")["source"]


@pytest.mark.parametrize(
    "flags",
    [
        {"solution": True, "grade": False, "locked": False},
        {"solution": True, "grade": True, "points": 0},
        {"solution": False, "grade": False, "locked": False},
        {"grade_id": "c_count_test"},
        {"grade_id": None},
        {"grade_id": ["a"]},
        {"schema_version": 99},
    ],
)
def test_retagged_tests_are_the_authors_again(flags: dict[str, object]) -> None:
    """A test that is declared an answer, or another test, is still that test."""

    def change(cells: Cells) -> None:
        test = named(cells, TEST)
        test["source"] = "assert True"
        nb.meta(test).update(flags)

    cells, _, _ = merge(submitted(change), SOURCE)
    assert_intact(cells)


def test_metadata_that_was_lost_is_matched_by_id() -> None:
    """Some editors drop nbgrader's metadata and keep the ids; no answer is lost by that."""
    cells, answers, notes = merge(submitted(lambda cells: [found.update(metadata={}) for found in cells]), SOURCE)
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")
    assert notes == ()


def test_ids_that_were_lost_are_matched_by_metadata() -> None:
    """Old editors drop the ids and keep the metadata."""
    cells, answers, _ = merge(submitted(lambda cells: [found.update(id=f"cell-{n}") for n, found in enumerate(cells)]), SOURCE)
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")


def test_own_cells_stay_where_they_were() -> None:
    """A cell that the student added follows the cell it followed, without metadata: tags change what tools do with it."""

    def change(cells: Cells) -> None:
        skip = {"cell_type": "code", "id": "mine", "metadata": {"tags": ["skip-execution", "raises-exception"]}, "source": "y = 2"}
        cells.insert(cells.index(named(cells, "a_double")), skip)
        cells.insert(0, {"cell_type": "markdown", "id": "first", "metadata": {}, "source": "hello"})
        cells.append({"cell_type": "raw", "id": "last", "metadata": {}, "source": "bye"})

    cells, _, notes = merge(submitted(change), SOURCE)
    assert_intact(cells)
    assert notes == ()
    assert [found["source"] for found in cells if found["id"].startswith("own-")] == ["hello", "y = 2", "bye"]
    assert all(found["metadata"] == {} for found in cells if found["id"].startswith("own-"))
    ids = [found["id"] for found in cells]
    sources = [found["source"] for found in cells]
    assert ids[sources.index("y = 2") - 1] == "setup"


def test_own_cells_with_the_id_of_a_restored_cell() -> None:
    """A student's own cell cannot take the id that another cell gets: one result per cell is all there is."""
    wicked = {"cell_type": "code", "id": "own-0", "metadata": {}, "source": "1"}
    cells, _, _ = merge(submitted(lambda cells: cells.extend(dict(wicked) for _ in range(3))), SOURCE)
    assert_intact(cells)


def test_given_code_may_be_edited() -> None:
    """The author's cells that are nobody's in nbgrader's books are the student's to change, as in their own kernel."""
    cells, _, notes = merge(submitted(lambda cells: named(cells, "intro").update(source="# My notes")), SOURCE)
    assert named(cells, "intro")["source"] == "# My notes"
    assert notes == ()


def test_an_answer_that_is_there_twice() -> None:
    """The first one is the answer; the second one is run as the student's own cell and cannot be taken for it."""

    def change(cells: Cells) -> None:
        cells.append({**copy.deepcopy(named(cells, "c_count")), "source": "seen = []"})

    cells, _, notes = merge(submitted(change), SOURCE)
    assert_intact(cells)
    assert named(cells, "c_count")["source"] == PERFECT["c_count"]
    assert notes == ("cell c_count is there twice; the first one counts",)
    assert cells[-1]["metadata"] == {}


@settings(deadline=None)
@given(data=st.data())
def test_any_order_and_any_loss(data: st.DataObject) -> None:
    """For every permutation, deletion and doubling the author's cells are there once, in order, the locked ones untouched."""
    notebook = submitted()
    shuffled = data.draw(st.permutations(notebook["cells"]))
    kept = data.draw(st.lists(st.sampled_from(shuffled), max_size=12)) if data.draw(st.booleans()) else shuffled
    stripped = data.draw(st.sets(st.integers(0, 12)))
    notebook["cells"] = [{**found, "metadata": {}} if n in stripped else found for n, found in enumerate(kept)]
    cells, answers, _ = merge(notebook, SOURCE)
    assert_intact(cells)
    there = {found["id"] for found in kept}
    assert set(answers) == there & {"a_double", "b_answer", "c_count"}
    for name in answers:
        assert named(cells, name)["source"] == PERFECT[name]


# ---- files ----


def handed_in(build: Path, content: bytes | None) -> Submission:
    """A collected submission with this notebook, or none."""
    folder = build / "mini" / "collect" / "ada"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "mini.ipynb").write_bytes(content)
    return Submission("mini", "ada", "mini/collect/ada", {} if content is None else {"mini": "mini.ipynb"})


def test_the_restored_notebook_is_written(tmp_path: Path) -> None:
    """The file is canonical, and the record says where it is."""
    record = restore(handed_in(tmp_path, nb.dump(submitted()).encode()), SOURCE, tmp_path)
    assert (record.path, record.problem, record.unreadable) == ("mini/restore/ada/mini.ipynb", "", False)
    text = (tmp_path / record.path).read_text(encoding="utf-8")
    assert nb.dump(nb.parse(text.encode(), "x")) == text
    assert_intact(nb.parse(text.encode(), "x")["cells"])


def test_a_missing_notebook_is_said(tmp_path: Path) -> None:
    """Nothing to run, and nothing for a person to look at."""
    record = restore(handed_in(tmp_path, None), SOURCE, tmp_path)
    assert (record.path, record.problem, record.unreadable) == ("", "mini.ipynb was not handed in", False)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\x00" * 50])
def test_an_unreadable_notebook_is_said(tmp_path: Path, content: bytes) -> None:
    """A damaged file goes to a person, with the reason on one line; it never raises."""
    record = restore(handed_in(tmp_path, content), SOURCE, tmp_path)
    assert record.unreadable
    assert record.path == ""
    assert record.problem.startswith("mini.ipynb is not a notebook that can be read: ")


def test_strange_text_can_be_written(tmp_path: Path) -> None:
    """Half characters, control characters and other alphabets in answers and names do not stop the class."""
    notebook: dict[str, Any] = submitted()
    odd = "\ud800 \x00 \x1b[31m \u2028 ☃ 漢字 \r\n"
    named(notebook["cells"], "a_double")["source"] = odd
    notebook["cells"].append(cell("code", "zz", odd, solution=True, grade_id=odd))
    content = {**notebook, "nbformat": 4, "nbformat_minor": 5}
    for found in content["cells"]:
        if found["cell_type"] == "code":
            found |= {"outputs": [], "execution_count": None}
    record = restore(handed_in(tmp_path, json.dumps(content).encode()), SOURCE, tmp_path)
    assert record.problem == ""
    assert "漢字" in (tmp_path / record.path).read_text(encoding="utf-8")
    " ".join(record.notes).encode()
