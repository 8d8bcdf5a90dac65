"""Whatever somebody calls a notebook goes through collection and restoring without an exception, and hurts nobody else.

What can be read is put in order and graded; what cannot goes to a person, never to a silent zero.
"""

from __future__ import annotations

import copy
import json
import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grading import notebook as nb
from grading import score
from grading.collect import submission_files
from grading.marks import Scorecard, Verdict
from grading.pages import feedback
from grading.pages.page import Setting
from grading.records import Restored, Submission, load
from grading.restore import merge
from grading.settings import Assignment, Limits
from grading.source import Source, student_notebook
from grading.workspace import Workspace
from tests.grading.collect.test_collect import collected
from tests.grading.conftest import MINI, PERFECT, answered

BLANK = student_notebook(MINI, "mini")[0]
SOURCE = Source("mini", MINI, BLANK)
LIMITS = Limits(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
ASSIGNMENT = Assignment("mini", "A tiny homework", ("mini",), (), ("c",), LIMITS)
HONEST = nb.dump(answered(BLANK, PERFECT)).encode()
WHOLE: dict[str, Any] = json.loads(HONEST)


@dataclass(frozen=True)
class Outcome:
    """What became of a class of two.

    Attributes:
        card: the marks of the mutant, as if its notebook was not run.
        notebook: what is to be run of it, if anything.
        neighbour: what became of the honest one.
    """

    submission: Submission
    restored: Restored
    card: Scorecard
    notebook: nb.Notebook | None
    neighbour: Restored


def through(data: bytes) -> Outcome:
    """Collect and restore a class of two: this file and an honest one."""
    with tempfile.TemporaryDirectory(prefix="hw-malformed-") as top:
        return _through(data, Path(top))


def _through(data: bytes, top: Path) -> Outcome:
    for student, content in (("honest", HONEST), ("mutant", data)):
        (top / "class" / student).mkdir(parents=True)
        (top / "class" / student / "mini.ipynb").write_bytes(content)
    honest, mutant = collected(top / "class", top, ASSIGNMENT).submissions
    work = Workspace(top / "build", "mini")
    assert (work.submission("honest") / "mini.ipynb").read_bytes() == HONEST
    neighbour, restored = (merge.restore(one, SOURCE, work) for one in (honest, mutant))
    assert load(top / "build/mini/collect/mutant.json", Submission) == mutant
    notebook = None if restored.problem else nb.parse(work.restored("mutant", "mini").read_bytes(), "restored")
    card = score.score(ASSIGNMENT, "mutant", [score.NotebookOutcome(MINI, restored, None)], mutant.notes)
    return Outcome(mutant, restored, card, notebook, neighbour)


def judge(data: bytes) -> Restored:
    """Take a file through everything and check all that must hold of any file."""
    outcome = through(data)
    restored, card = outcome.restored, outcome.card
    assert outcome.neighbour == NEIGHBOUR
    page = feedback.render(card, Setting(ASSIGNMENT.title))
    assert [mark.grade_id for mark in card.marks] == ["a_double_test", "b_answer", "c_count_test"]
    if restored.problem:
        assert (restored.problem != "", restored.unreadable) == (True, True)
        assert restored.problem.isprintable() and len(restored.problem) < 500
        assert {mark.verdict for mark in card.marks if not mark.by_hand} == {Verdict.UNJUDGED}
        assert all(mark.points is None and mark.reason for mark in card.marks)
        assert "A person will look" in page
    else:
        assert outcome.notebook is not None
        check_order(outcome.notebook, restored)
    return restored


def check_order(notebook: nb.Notebook, restored: Restored) -> None:
    """The author's cells stand in the author's order, with the author's tests and points, and no id comes twice."""
    cells = [cell for cell in notebook["cells"] if nb.is_known(cell)]
    originals = [cell for cell in MINI["cells"] if nb.is_known(cell)]
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in originals]
    for cell, original in zip(cells, originals, strict=True):
        assert (nb.points(cell), nb.is_test(cell)) == (nb.points(original), nb.is_test(original))
        assert nb.is_solution(cell) or cell["source"] == original["source"]
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert set(restored.answered) <= {"a_double", "b_answer", "c_count"}
    assert len(restored.notes) <= 31 and all(note.isprintable() and len(note) <= 300 for note in restored.notes)


NEIGHBOUR = through(HONEST).neighbour


# ---- mutants ----

deep = st.integers(1, 3000).map(lambda depth: "D" * depth)  # stands for that many brackets: no JSON writer would write them
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 4, 2**63, 10**50, 1e308, math.nan, math.inf, -0.0, "", "a_double", "code", "\ud83d", "\0", "\x1b[2J"]),
    st.text(max_size=20),
)
odd = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.dictionaries(st.text(max_size=5), scalars, max_size=3),
    st.just({"nbgrader": {"grade": True, "grade_id": "a_double_test", "solution": True, "points": 1e9}}),
    deep.map(lambda marks: {"deep": marks}),
)


def nodes(tree: Any) -> list[tuple[Any, Any]]:
    """Every place of a tree, as a container and a key in it."""
    found = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
        found += [(node, key) for key in keys]
        waiting += [node[key] for key in keys]
    return found


@st.composite
def trees(draw: st.DrawFn) -> str:
    """A valid notebook with a few places dropped, replaced, doubled, emptied or swapped, as JSON text."""
    tree = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(1, 4))):
        places = nodes(tree)
        if not places:
            break
        node, key = places[draw(st.integers(0, len(places) - 1))]
        what = draw(st.sampled_from(["drop", "replace", "double", "swap", "wrap"]))
        if what == "drop":
            del node[key]
        elif what == "replace":
            node[key] = copy.deepcopy(draw(odd))
        elif what == "wrap":
            node[key] = [node[key]]
        elif what == "double" and isinstance(node, list):
            node.insert(key, copy.deepcopy(node[key]))
        else:
            other, place = places[draw(st.integers(0, len(places) - 1))]
            node[key] = copy.deepcopy(other[place]) if place in range(len(other)) or place in other else None
    return _with_wells(json.dumps(tree))


def _with_wells(text: str) -> str:
    """The text with every mark of `deep` as that many brackets."""
    pieces = text.split('{"deep": "')
    for number, piece in enumerate(pieces[1:], start=1):
        marks, _, rest = piece.partition('"}')
        pieces[number] = "[" * len(marks) + "]" * len(marks) + rest
    return "".join(pieces)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Such a text as a file: in some encoding, cut off, with bytes changed, or with something before and behind it."""
    text = draw(trees())
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "utf-7"]))
    data = text.encode(encoding, "replace")
    damage = draw(st.sampled_from(["", "", "cut", "byte", "before", "behind"]))
    place = draw(st.integers(0, len(data)))
    if damage == "cut":
        return data[:place]
    if damage == "byte":
        return data[:place] + draw(st.binary(min_size=1, max_size=4)) + data[place + 1 :]
    junk = draw(st.sampled_from([b"\0", b"\xef\xbb\xbf", b"<<<<<<< HEAD\n", b"// \n", b"{}", b"  \n"]))
    return {"before": junk + data, "behind": data + junk}.get(damage, data)


@pytest.mark.slow
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(files())
@example(b"")
@example(b"null")
@example(b"[]")
@example(b'{"cells": null}')
@example(b'{"cells": {}}')
@example(b'{"worksheets": [{"cells": [7]}], "nbformat": 3}')
@example(b'{"cells": [[], 7, null, {"cell_type": []}], "nbformat": 4, "nbformat_minor": 5}')
@example(HONEST.replace(b'"solution": true', b'"solution": {"a": []}'))
@example(HONEST.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 5000))
@example(HONEST.replace(b'"nbformat": 4', b'"nbformat": NaN'))
@example(b"[" * 200_000)
def test_no_file_stops_a_class(data: bytes) -> None:
    """Mutants of a valid notebook: no exception, the neighbour is as it was, and each is either put in order or for a person."""
    judge(data)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_what_can_be_read_is_graded(text: str) -> None:
    """A mutant that the reader takes is restored: nothing behind it refuses what it let through."""
    try:
        nb.parse(text.encode(), "mutant")
    except nb.NotebookError:
        assert judge(text.encode()).unreadable
    else:
        assert not judge(text.encode()).problem


# ---- known kinds ----


def converted(version: int, minor: int = 0) -> bytes:
    """The honest notebook as older and newer programs save it."""
    whole = copy.deepcopy(WHOLE)
    whole |= {"nbformat": version, "nbformat_minor": minor}
    if version == 4 and minor < 5:
        for cell in whole["cells"]:
            del cell["id"]
    if version < 4:
        cells = whole.pop("cells")
        for cell in cells:
            del cell["id"]
            if cell["cell_type"] == "code":
                cell |= {"input": cell.pop("source"), "language": "python", "prompt_number": None}
                del cell["execution_count"]
        whole["worksheets"] = [{"cells": cells, "metadata": {}}]
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("data", "readable"),
    [
        (converted(3), True),
        (converted(4, 0), True),
        (converted(4, 4), True),
        (converted(4, 99), True),
        (converted(2), True),
        (converted(5), False),
        (HONEST.decode().encode("utf-16"), True),
        (HONEST.decode().encode("utf-32"), True),
        (b"\xef\xbb\xbf" + HONEST, True),
        (HONEST.replace(b"It just is.", b"It \xfcst is."), False),
        (HONEST.replace(b"It just is.", b"It \\ud83d just is."), True),
        (HONEST[:-10], False),
        (HONEST.replace(b'"nbformat": 4', b'"nbformat": "4"'), False),
    ],
    ids=["3", "4.0", "4.4", "4.99", "2", "5", "utf-16", "utf-32", "BOM", "latin-1", "half an emoji", "cut off", "version as text"],
)
def test_formats_and_encodings(data: bytes, readable: bool) -> None:
    """Old formats and encodings that JSON knows are graded with all their answers; the others go to a person."""
    restored = judge(data)
    assert (not restored.problem) is readable
    assert restored.answered == (("a_double", "b_answer", "c_count") if readable else ())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (converted(5), "format 5, newer than the 4 that this grader reads"),
        (b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}', "it holds no cells"),
        (converted(3).replace(b'"worksheets"', b'"elsewhere"').replace(b"{", b'{"cells": [], ', 1), "it holds no cells"),
    ],
)
def test_the_reason_is_in_words(data: bytes, says: str) -> None:
    """Not in those of the JSON reader; and a notebook without cells is a damaged one, not a blank one."""
    assert judge(data).problem == f"mini.ipynb is not a notebook that can be read: {says}"


@pytest.mark.parametrize("depth", [50, 200, 300, 400, 500, 700, 900, 990, 2000])
@pytest.mark.parametrize("place", ["metadata", "attachments", "outputs"])
def test_nesting_of_every_depth(place: str, depth: int) -> None:
    """Wells that one step can read and the next cannot write are no trap at any depth."""
    well = '{"a":' * depth + "{}" + "}" * depth
    kind = "code" if place == "outputs" else "markdown"
    value = f"[{well}]" if place == "outputs" else well
    cell = f'{{"cell_type": "{kind}", "id": "well", "metadata": {{}}, "source": "x", "{place}": {value}}}'
    restored = judge(HONEST.replace(b'"cells": [', b'"cells": [' + cell.encode() + b",", 1))
    assert (not restored.problem) == (depth <= 200) or 200 < depth < 990


def test_attachments_are_pictures_and_nothing_else() -> None:
    """What is not a named picture is dropped: indented anew, a well full of numbers would be a hundred times its size."""
    well = "[" * 60 + ",".join("1" * 1000) + "]" * 60
    pictures = f'{{"a.png": {{"image/png": "iVBORw0", "x": {well}, "image/gif": 7}}, "b": [1], "c": {{}}}}'
    cell = f'{{"cell_type": "markdown", "id": "p", "metadata": {{}}, "source": "x", "attachments": {pictures}}}'
    data = HONEST.replace(b'"cells": [', b'"cells": [' + cell.encode() + b",", 1)
    notebook = through(data).notebook
    assert notebook is not None
    assert notebook["cells"][0]["attachments"] == {"a.png": {"image/png": "iVBORw0"}}


def own_cells(count: int, source: str) -> bytes:
    """The honest notebook with cells of the student's own behind it."""
    whole = copy.deepcopy(WHOLE)
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    whole["cells"] += [{**cell, "id": f"c{number}"} for number in range(count)]
    return json.dumps(whole).encode()


LARGE: dict[str, tuple[bytes, bool]] = {
    "19 MB of output": (HONEST.replace(b'"outputs": []', b'"outputs": [{"x": "' + b"y" * 19_000_000 + b'"}]', 1), True),
    "100 MB of output": (HONEST.replace(b'"outputs": []', b'"outputs": [{"x": "' + b"y" * 100_000_000 + b'"}]', 1), False),
    "4,900 cells": (own_cells(4_900, "x = 1"), True),
    "100,000 cells": (own_cells(100_000, "x"), False),
    "a cell of 1.9 million lines": (own_cells(1, "\n" * 1_900_000), True),
    "a cell of 3 million lines": (own_cells(1, "\n" * 3_000_000), False),
    "blank lines before a magic": (own_cells(20, " \n\t" * 30_000 + "%pwd"), True),
    "a chain of calls": (own_cells(50, "x" + "()" * 5_000), True),
    "a chain of attributes": (own_cells(50, "x" + ".a" * 5_000 + " = 1"), True),
    "minus signs": (own_cells(50, "x = " + "-" * 20_000 + "1"), True),
    "brackets": (own_cells(50, "(" * 20_000), True),
    "a million small outputs": (HONEST.replace(b'"outputs": []', b'"outputs": [' + b"{}," * 5_000_000 + b"{}]", 1), True),
}


@pytest.mark.parametrize("kind", LARGE)
def test_large_and_slow_files_are_bounded(kind: str) -> None:
    """Twenty megabytes, 5,000 cells and two million characters are read; more is refused; either way it takes seconds."""
    data, readable = LARGE[kind]
    started = time.process_time()
    outcome = through(data)
    assert time.process_time() - started < 20
    assert (not outcome.restored.problem) is readable, outcome.restored.problem
    assert outcome.restored.unreadable is not readable
    assert outcome.neighbour == NEIGHBOUR


def test_the_size_limit_is_said_where_staff_read_it() -> None:
    """The reason names the limit."""
    data, _ = LARGE["100 MB of output"]
    outcome = through(data)
    assert f"larger than {submission_files.FILE_BYTES // 1_000_000} MB" in outcome.restored.problem
    assert {mark.reason for mark in outcome.card.marks} == {outcome.restored.problem}
    assert outcome.submission.refused == {"mini": "mini.ipynb is larger than 20 MB"}
