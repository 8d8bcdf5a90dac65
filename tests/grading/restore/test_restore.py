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
from grading.restore.merge import merge, restore
from grading.source import Source, student_notebook
from grading.workspace import Workspace
from tests.grading.conftest import MINI, PERFECT, answered, cell

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


def put_in_order(notebook: nb.Notebook) -> tuple[Cells, tuple[str, ...], tuple[str, ...]]:
    """The cells, the answers and the notes of a merge in which no answer was left to a person."""
    merged = merge(notebook, SOURCE)
    assert merged.unmatched == ()
    return merged.cells, merged.answered, merged.notes


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
    cells, answers, notes = put_in_order(submitted())
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")
    assert notes == ()
    assert named(cells, "a_double")["source"] == PERFECT["a_double"]
    assert "BEGIN HIDDEN TESTS" in named(cells, "a_double_test")["source"]


def test_a_blank_submission() -> None:
    """Nothing is answered, and the stubs stand where they stood."""
    cells, answers, notes = put_in_order(SOURCE.student)
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
    cells, _, _ = put_in_order(nb.parse(json.dumps(file).encode(), "mini"))
    read = nb.parse(nb.dump({"cells": cells, "metadata": {}}).encode(), "again")["cells"]
    assert [found["id"] for found in read if found.get("attachments") == picture] == ["b_answer", "own-8"]


def test_white_space_is_no_answer() -> None:
    """A stub with a newline after it is still a stub."""
    _, answers, _ = put_in_order(submitted(lambda cells: named(cells, "b_answer").update(source="\nYOUR ANSWER HERE  \n")))
    assert answers == ("a_double", "c_count")


def test_answers_keep_the_checksum_of_the_release() -> None:
    """Stock tools tell by it whether a cell was answered."""
    cells, _, _ = put_in_order(submitted())
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
    cells, answers, notes = put_in_order(submitted(change))
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")
    assert len(notes) == 1
    assert notes[0].startswith(note)


def test_a_deleted_answer_is_blank() -> None:
    """The stub comes back; the other answers stay."""
    cells, answers, notes = put_in_order(submitted(lambda cells: cells.remove(named(cells, "a_double"))))
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

    cells, _, _ = put_in_order(submitted(change))
    assert_intact(cells)


def test_metadata_that_was_lost_is_matched_by_id() -> None:
    """Some editors drop nbgrader's metadata and keep the ids; no answer is lost by that."""
    cells, answers, notes = put_in_order(submitted(lambda cells: [found.update(metadata={}) for found in cells]))
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")
    assert notes == ()


def test_ids_that_were_lost_are_matched_by_metadata() -> None:
    """Old editors drop the ids and keep the metadata."""
    cells, answers, _ = put_in_order(submitted(lambda cells: [found.update(id=f"cell-{n}") for n, found in enumerate(cells)]))
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")


def test_own_cells_stay_where_they_were() -> None:
    """A cell that the student added follows the cell it followed, without metadata: tags change what tools do with it."""

    def change(cells: Cells) -> None:
        skip = {"cell_type": "code", "id": "mine", "metadata": {"tags": ["skip-execution", "raises-exception"]}, "source": "y = 2"}
        cells.insert(cells.index(named(cells, "a_double")), skip)
        cells.insert(0, {"cell_type": "markdown", "id": "first", "metadata": {}, "source": "hello"})
        cells.append({"cell_type": "raw", "id": "last", "metadata": {}, "source": "bye"})

    cells, _, notes = put_in_order(submitted(change))
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
    cells, _, _ = put_in_order(submitted(lambda cells: cells.extend(dict(wicked) for _ in range(3))))
    assert_intact(cells)


def test_given_code_may_be_edited() -> None:
    """The author's cells that are nobody's in nbgrader's books are the student's to change, as in their own kernel."""
    cells, _, notes = put_in_order(submitted(lambda cells: named(cells, "intro").update(source="# My notes")))
    assert named(cells, "intro")["source"] == "# My notes"
    assert notes == ()


def test_an_answer_that_is_there_twice() -> None:
    """The first one is the answer; the second one is run as the student's own cell and cannot be taken for it."""

    def change(cells: Cells) -> None:
        cells.append({**copy.deepcopy(named(cells, "c_count")), "source": "seen = []"})

    cells, _, notes = put_in_order(submitted(change))
    assert_intact(cells)
    assert named(cells, "c_count")["source"] == PERFECT["c_count"]
    assert notes == ("cell c_count is there twice; the first one is the answer, the other one runs behind it",)
    assert cells[-1]["metadata"] == {}


def test_an_empty_copy_is_no_answer() -> None:
    """Editors duplicate cells: the copy in which something was written is the answer, and the empty one undoes nothing."""
    stub = named(SOURCE.student["cells"], "a_double")

    def change(cells: Cells) -> None:
        at = cells.index(named(cells, "a_double"))
        cells[at:at] = [copy.deepcopy(stub)]
        cells[at + 2 : at + 2] = [copy.deepcopy(stub)]

    cells, answers, notes = put_in_order(submitted(change))
    assert_intact(cells)
    assert answers == ("a_double", "b_answer", "c_count")
    assert named(cells, "a_double")["source"] == PERFECT["a_double"]
    assert notes == () and len(cells) == len(MINI["cells"])


# ---- cells without a name ----


def nameless(change: Callable[[Cells], object] = lambda _: None) -> nb.Notebook:
    """A perfect submission, changed, that went through a program which knows neither ids nor nbgrader."""
    notebook = submitted(change)
    notebook["cells"] = [{**found, "metadata": {}, "id": f"cell-{n}"} for n, found in enumerate(notebook["cells"])]
    return notebook


def test_a_notebook_that_lost_all_names() -> None:
    """Texts of the release are known again, answers by what they define and by where they stand."""
    cells, answers, notes = put_in_order(nameless())
    assert_intact(cells)
    assert len(cells) == len(MINI["cells"])
    assert answers == ("a_double", "b_answer", "c_count")
    assert all(named(cells, name)["source"] == text for name, text in PERFECT.items())
    assert notes == (
        "answers without their grade ids were found by what they define or where they stand: a_double, c_count, b_answer",
    )


def test_answers_pasted_with_cells_of_the_students_own() -> None:
    """What an answer defines tells it from the cells around it, which stay where they were."""

    def change(cells: Cells) -> None:
        at = cells.index(named(cells, "a_double"))
        cells.insert(at, cell("code", "before", "helper = 3"))
        cells.insert(at + 2, cell("code", "behind", "print(double(helper))"))

    cells, answers, _ = put_in_order(nameless(change))
    assert answers == ("a_double", "b_answer", "c_count")
    sources = [found["source"] for found in cells]
    at = sources.index(PERFECT["a_double"])
    assert (sources[at - 1], sources[at + 1]) == ("helper = 3", "print(double(helper))")


def test_what_cannot_be_told_goes_to_a_person() -> None:
    """Two cells that may be the answer, or one that may be two answers: nobody guesses, and it is not called blank."""
    twice = merge(nameless(lambda cells: cells.insert(2, cell("code", "x", PERFECT["a_double"]))), SOURCE)
    assert_intact(twice.cells)
    assert (twice.answered, twice.unmatched) == (("b_answer", "c_count"), ("a_double",))
    assert "cell a_double was not found; a person has to look whether it is cell no. 3, 4 of the file" in twice.notes
    assert not any("a person has to look" in note for note in twice.told)

    def change(cells: Cells) -> None:
        named(cells, "a_double")["source"] += "\n" + PERFECT["c_count"]
        cells.remove(named(cells, "c_count"))
        cells.insert(0, cell("markdown", "x", "Here I come."))
        cells.remove(named(cells, "intro"))
        cells.insert(5, cell("markdown", "y", "And more."))

    assert merge(nameless(change), SOURCE).unmatched == ("a_double", "b_answer", "c_count")


def test_a_deleted_answer_beside_own_cells_is_for_a_person() -> None:
    """The cell may have lost its name and more; a second copy of another answer is no such cell."""

    def change(cells: Cells) -> None:
        cells.remove(named(cells, "a_double"))
        cells.append(cell("code", "mine", "print('hello')"))

    assert merge(submitted(change), SOURCE).unmatched == ("a_double",)

    def double(cells: Cells) -> None:
        cells.remove(named(cells, "a_double"))
        cells.append(copy.deepcopy(named(cells, "c_count")))

    assert merge(submitted(double), SOURCE).unmatched == ()


# ---- the author's own text ----

IMPORTING = copy.deepcopy(MINI)
named(IMPORTING["cells"], "intro").update(cell_type="code", source="import importlib.util\n\nprint(1)")


def test_the_authors_text_is_not_suspicious() -> None:
    """With a new id or copied, and with other white space: what the author imports is not the student's doing."""
    source = Source("mini", IMPORTING, student_notebook(IMPORTING, "mini")[0])
    cells = [{**found, "metadata": {}, "id": f"cell-{n}"} for n, found in enumerate(source.student["cells"])]
    cells += [{**cells[0], "source": "import importlib.util  \r\n\r\nprint(1)\r\n"}, cell("code", "x", "import gc")]
    notes = merge({"cells": cells, "metadata": {}}, source).flags
    assert list(notes) == ["look at cell no. 9 of the file: it imports gc"]


@pytest.mark.parametrize("ending", ["\r\n", "  \n", "\n\n\n"])
def test_white_space_is_no_difference(ending: str) -> None:
    """Editors write other line ends and blanks; only lines count, and blank lines at the end do not."""

    def change(cells: Cells) -> None:
        for found in cells:
            text = found["source"].rstrip("\n")
            found["source"] = text + ending if ending == "\n\n\n" else text.replace("\n", ending) + ending

    _, answers, notes = put_in_order(submitted(change))
    assert (answers, notes) == (("a_double", "b_answer", "c_count"), ())
    _, answers, notes = put_in_order({**SOURCE.student, "cells": submitted(change)["cells"][:1] + SOURCE.student["cells"][1:]})
    assert (answers, notes) == ((), ())


def older() -> Source:
    """The homework a week ago: other points, another visible test, another stub."""
    notebook = copy.deepcopy(MINI)
    nb.meta(named(notebook["cells"], TEST))["points"] = 1
    test = named(notebook["cells"], TEST)
    test["source"] = test["source"].replace("double(1), 2", "double(2), 4")
    named(notebook["cells"], "a_double")["source"] = "# your turn\n" + named(notebook["cells"], "a_double")["source"]
    return Source("mini", notebook, student_notebook(notebook, "mini")[0])


def test_an_older_release_is_nobodys_edit() -> None:
    """The author raised the points and mended a test: students who started before did nothing, and an old stub is no answer."""
    cells, answers, notes = put_in_order(older().student)
    assert_intact(cells)
    assert (answers, notes) == ((), ())
    changed = answered(older().student, {**PERFECT, TEST: "pass"})
    assert put_in_order(changed)[2] == (
        "locked cell a_double_test differs from the release; the original was graded",
        "the points of a_double_test differ from the release; the original points count",
    )


@settings(deadline=None)
@given(data=st.data())
def test_any_order_and_any_loss(data: st.DataObject) -> None:
    """For every permutation, deletion and doubling the author's cells are there once, in order, the locked ones untouched."""
    notebook = submitted()
    shuffled = data.draw(st.permutations(notebook["cells"]))
    kept = data.draw(st.lists(st.sampled_from(shuffled), max_size=12)) if data.draw(st.booleans()) else shuffled
    stripped = data.draw(st.sets(st.integers(0, 12)))
    notebook["cells"] = [{**found, "metadata": {}} if n in stripped else found for n, found in enumerate(kept)]
    cells, answers, _ = put_in_order(notebook)
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
    return Submission("mini", "ada", {} if content is None else {"mini": "mini.ipynb"})


def test_the_restored_notebook_is_written(tmp_path: Path) -> None:
    """The file is canonical, and holds what the author wrote."""
    record = restore(handed_in(tmp_path, nb.dump(submitted()).encode()), SOURCE, Workspace(tmp_path, "mini"))
    assert (record.problem, record.unreadable) == ("", False)
    text = (tmp_path / "mini/restore/ada/mini.ipynb").read_text(encoding="utf-8")
    assert nb.dump(nb.parse(text.encode(), "x")) == text
    assert_intact(nb.parse(text.encode(), "x")["cells"])


def test_a_missing_notebook_is_said(tmp_path: Path) -> None:
    """Nothing to run, and nothing for a person to look at."""
    record = restore(handed_in(tmp_path, None), SOURCE, Workspace(tmp_path, "mini"))
    assert (record.problem, record.unreadable) == ("mini.ipynb was not handed in", False)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\x00" * 50])
def test_an_unreadable_notebook_is_said(tmp_path: Path, content: bytes) -> None:
    """A damaged file goes to a person, with the reason on one line; it never raises."""
    record = restore(handed_in(tmp_path, content), SOURCE, Workspace(tmp_path, "mini"))
    assert record.unreadable
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
    record = restore(handed_in(tmp_path, json.dumps(content).encode()), SOURCE, Workspace(tmp_path, "mini"))
    assert record.problem == ""
    assert "漢字" in (tmp_path / "mini/restore/ada/mini.ipynb").read_text(encoding="utf-8")
    " ".join(record.notes).encode()
