"""What a student wrote beside an answer that is still blank is nobody's zero: a person is asked, and sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading import notebook as nb
from grading.marks import Mark, Scorecard, Verdict
from grading.pages import feedback, report
from grading.pages.page import Setting
from grading.records import CellRun, CellStatus, Execution, Restored, Submission
from grading.restore import restore
from grading.score import NotebookOutcome, score
from grading.settings import Assignment, Limits
from grading.source import Source, student_notebook
from grading.workspace import Workspace
from tests.grading.conftest import MINI, cell

STUB = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
NOTEBOOK: nb.Notebook = {
    "metadata": MINI["metadata"],
    "cells": [
        cell("markdown", "intro", "# Tiny\nName: ____"),
        cell("code", "setup", "import math", locked=True),
        cell("markdown", "a_question", "Why does doubling work?", locked=True),
        cell("markdown", "a_answer", "Because it adds.", grade=True, solution=True, points=1),
        cell("markdown", "b_question", "And halving?"),
        cell("markdown", "b_answer", "Because it takes away.", grade=True, solution=True, points=1),
        cell("code", "c_double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", solution=True),
        cell("code", "c_double_test", "assert double(1) == 2", grade=True, locked=True, points=2),
        cell("markdown", "end", "That is all."),
    ],
}
ASSIGNMENT = Assignment("mini", "Mini", ("mini",), (), (), {}, Limits(60, 2, 60, 1000, 32, 128, 5, 20, 0.2, 2))
SAID = "It is the same as adding a thing to itself."


def source() -> Source:
    """The author's notebook."""
    return Source("mini", NOTEBOOK, student_notebook(NOTEBOOK, "mini")[0])


def handed_in(tmp_path: Path, after: dict[str, nb.Cell] | None = None, **changed: str) -> tuple[Restored, nb.Notebook]:
    """Restore a blank notebook with cells put behind others, and with other texts in some."""
    cells = []
    for one in source().student["cells"]:
        cells.append({**one, "source": changed.get(one["id"], one["source"])})
        cells += [(after or {})[one["id"]]] if one["id"] in (after or {}) else []
    work = Workspace(tmp_path, "mini")
    work.submission("ada").mkdir(parents=True)
    (work.submission("ada") / "mini.ipynb").write_text(nb.dump({**NOTEBOOK, "cells": cells}))
    record = restore(Submission("mini", "ada", {"mini": "mini.ipynb"}), source(), work)
    path = work.restored("ada", "mini")
    return record, nb.parse(path.read_bytes(), "mini")


def own(kind: str, text: str) -> nb.Cell:
    """A cell that the student added."""
    return {"cell_type": kind, "id": "new", "metadata": {}, "source": text}


def marked(record: Restored, *errors: CellRun) -> tuple[dict[str, Mark], Scorecard]:
    """The marks of a run in which only these cells failed."""
    runs = {one["id"]: CellRun(one["id"], CellStatus.DONE) for one in NOTEBOOK["cells"] if one["cell_type"] == "code"}
    runs |= {error.cell_id: error for error in errors}
    card = score(ASSIGNMENT, "ada", [NotebookOutcome(NOTEBOOK, record, Execution("mini", "ada", "mini", tuple(runs.values())))])
    return {mark.grade_id: mark for mark in card.marks}, card


WRITTEN: dict[str, tuple[dict[str, nb.Cell], dict[str, str], str]] = {
    "in a new cell below": ({"a_answer": own("markdown", SAID)}, {}, "a_answer"),
    "in a new cell above": ({"a_question": own("markdown", SAID)}, {}, "a_answer"),
    "in a raw cell": ({"a_answer": own("raw", SAID)}, {}, "a_answer"),
    "in a code cell, as words": ({"a_answer": own("code", SAID)}, {}, "a_answer"),
    "in a code cell, as a comment": ({"a_answer": own("code", f"# {SAID}")}, {}, "a_answer"),
    "in the locked question": ({}, {"a_question": f"Why does doubling work?\n\n{SAID}"}, "a_answer"),
    "instead of the locked question": ({}, {"a_question": SAID}, "a_answer"),
    "in the question": ({}, {"b_question": f"And halving?\n{SAID}"}, "b_answer"),
    "below the last question": ({"b_answer": own("markdown", SAID)}, {}, "b_answer"),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_written_answer_beside_its_place(tmp_path: Path, case: str) -> None:
    """It waits for a reader, who finds it in the notebook, the report and the page; the other blank answer stays a zero."""
    after, changed, name = WRITTEN[case]
    record, shown = handed_in(tmp_path, after, **changed)
    assert SAID in record.beside[name] and list(record.beside) == [name]
    assert sum(SAID in one["source"] for one in shown["cells"]) == 1
    marks, card = marked(record)
    mark = marks[name]
    assert (mark.points, mark.verdict, mark.waits, mark.answered) == (None, Verdict.BY_HAND, True, True)
    assert SAID in mark.reason and SAID in feedback.render(card, Setting("Mini"))
    assert "still empty" in feedback.render(card, Setting("Mini")), "of the other one"
    other = marks["b_answer" if name == "a_answer" else "a_answer"]
    assert (other.points, other.waits) == (0.0, False)
    assert f"cell {name} is empty; a person has to look at cell no." in " ".join(record.notes)


NOTHING: dict[str, tuple[dict[str, nb.Cell], dict[str, str]]] = {
    "nothing": ({}, {}),
    "a name at the top": ({"intro": own("markdown", "Ada Lovelace")}, {"intro": "# Tiny\nName: Ada"}),
    "an empty cell": ({"a_answer": own("markdown", "  \n")}, {}),
    "a copy of a question": ({"a_answer": own("markdown", "And halving?")}, {}),
    "lines taken out": ({}, {"b_question": ""}),
    "a try in code": ({"a_answer": own("code", "1 + 1")}, {}),
    "words below the last cell": ({"end": own("markdown", "Thank you!")}, {}),
}


@pytest.mark.parametrize("case", NOTHING)
def test_what_is_no_answer(tmp_path: Path, case: str) -> None:
    """A blank answer stays one, and nobody is asked."""
    after, changed = NOTHING[case]
    record, _ = handed_in(tmp_path, after, **changed)
    assert record.beside == {}
    assert [mark.points for mark in marked(record)[0].values()][:2] == [0.0, 0.0]


def test_an_answer_in_its_place_needs_no_look(tmp_path: Path) -> None:
    """Where the answer's own cell holds something, what stands beside it changes nothing."""
    record, _ = handed_in(tmp_path, {"a_answer": own("markdown", SAID)}, a_answer="Because.")
    assert record.beside == {} and record.answered == ("a_answer",)


RIGHT = "def double(x):\n    return x + x"
CODE: dict[str, tuple[dict[str, nb.Cell], dict[str, str]]] = {
    "below the answer's cell": ({"c_double": own("code", RIGHT)}, {}),
    "above it": ({"setup": own("code", RIGHT)}, {}),
    "below the test": ({"c_double_test": own("code", RIGHT)}, {}),
    "at the end": ({"end": own("code", RIGHT)}, {}),
    "in the test": ({}, {"c_double_test": f"{RIGHT}\nassert double(1) == 2"}),
    "in a locked cell": ({}, {"setup": f"import math\n{RIGHT}"}),
    "under another name beside it": ({"c_double": own("code", "def twice(x):\n    return x + x")}, {}),
}


@pytest.mark.parametrize("case", CODE)
def test_code_beside_its_place(tmp_path: Path, case: str) -> None:
    """A failing test of a blank answer is for a person, who sees the code; a test that passes all the same keeps its points."""
    record, shown = handed_in(tmp_path, *CODE[case][:1], **CODE[case][1])
    assert list(record.beside) == ["c_double"] and "return x + x" in record.beside["c_double"]
    assert any("return x + x" in one["source"] for one in shown["cells"])
    stub = CellRun("c_double_test", CellStatus.ERROR, error_name="NotImplementedError")
    marks, card = marked(record, stub)
    mark = marks["c_double_test"]
    assert (mark.points, mark.verdict) == (None, Verdict.UNJUDGED)
    assert "cell c_double is empty, but the student wrote beside it" in report.reason(card)
    assert "return x + x" in feedback.render(card, Setting("Mini"))
    assert marked(record)[0]["c_double_test"].verdict is Verdict.PASSED


def test_other_code_is_no_answer(tmp_path: Path) -> None:
    """Code far from a blank answer that makes other names leaves it blank."""
    record, _ = handed_in(tmp_path, {"setup": own("code", "def half(x):\n    return x / 2")})
    stub = CellRun("c_double", CellStatus.ERROR, error_name="NotImplementedError")
    failed = CellRun("c_double_test", CellStatus.ERROR, error_name="NotImplementedError")
    mark = marked(record, stub, failed)[0]["c_double_test"]
    assert record.beside == {} and (mark.points, mark.reason) == (0.0, "cell c_double has no answer yet")


def test_a_changed_text_beside_is_looked_at_again(tmp_path: Path) -> None:
    """The digest of a blank answer tells what stands beside it, so that a reader is asked once more when that changes."""
    first, _ = handed_in(tmp_path / "1", {"a_answer": own("markdown", SAID)})
    second, _ = handed_in(tmp_path / "2", {"a_answer": own("markdown", "Something else.")})
    blank, _ = handed_in(tmp_path / "3")
    assert len({record.answers["a_answer"] for record in (first, second, blank)}) == 3
    assert first.answers["b_answer"] == blank.answers["b_answer"]


def test_a_locked_cell_breaks_out_of_nothing(tmp_path: Path) -> None:
    """What a student wrote in a locked cell is shown as plain text, whatever it holds."""
    _, shown = handed_in(tmp_path, None, a_question="<script>alert(1)</script>\n```\n# big")
    (text,) = [one["source"] for one in shown["cells"] if "alert" in one["source"]]
    assert all(line.startswith("    ") for line in text.split("\n\n", 1)[1].splitlines() if line.strip())
