"""A copy of an answer or a hidden test is found in a hand-out however it is dressed, and what everybody writes is none."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grading import notebook as nb
from grading import regions
from grading.course import Course
from grading.release import LeakError, ReleaseError
from grading.release.audit import audit
from grading.release.copies import find
from grading.release.handout import release
from grading.release.said import everything
from grading.release.taken import Taken, of_module, of_source
from grading.settings import Assignment
from grading.source import read_all
from tests.grading.release.test_release import SECRET, edit_cell, edit_file

RENAMED = "def twice(thing):\n    return thing + thing + 0 * thing"
HALF = "adding a thing to itself is doubling it"
RUBRIC = "**Rubric (1 point).** 1: the answer says that a sum of two equal numbers is twice the number."
RUBRIC_WORDS = "a sum of two equal numbers is twice the number"
HIDDEN = "checks.value('double(21)', double(21), 42, mistakes={'you squared instead of doubling': 441})"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x30tEXtComment\x00" + SECRET.encode() + b"\x93\x10\xff"


def append(cell_id: str, planted: str) -> Callable[[Course], None]:
    """Write something below a cell's text."""
    return lambda course: edit_cell(course, cell_id, lambda found: found.update(source=f"{found['source']}\n\n{planted}"))


def first(cell_id: str, planted: str) -> Callable[[Course], None]:
    """Write something above a cell's text."""
    return lambda course: edit_cell(course, cell_id, lambda found: found.update(source=f"{planted}\n{found['source']}"))


def remember(planted: object) -> Callable[[Course], None]:
    """Write something into a cell's metadata."""
    return lambda course: edit_cell(course, "intro", lambda found: found["metadata"].update(notes=planted))


def attach(kind: str, data: bytes) -> Callable[[Course], None]:
    """Paste something into a text."""
    packed = base64.b64encode(data).decode()
    return lambda course: edit_cell(course, "intro", lambda found: found.update(attachments={"a": {kind: packed}}))


def into(name: str, planted: str) -> Callable[[Course], None]:
    """Write something into a file of the library."""
    return lambda course: edit_file(course, name, lambda text: f"{text}\n\n{planted}\n")


def library_copy(course: Course, **names: str) -> str:
    """The reference body of dropout's layer, some of its names changed."""
    text = (course.root / "hw_lib/layers/dropout.py").read_text()
    for old, new in names.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return "\n".join(line for line in text.split("\n") if "###" not in line and not line.startswith(("from", "import")))


def whole_function_elsewhere(course: Course) -> None:
    """The library's answer under other names in another file, with a helper under another name."""
    copied = library_copy(course, mask="gate", p="rate", out="result", dropout_forward="thinned", x="values", uniform="drawn")
    into("hw_lib/errors.py", copied)(course)


ENCODED = base64.b64encode(f"    {RENAMED}\n".encode()).decode()

PLANTS: dict[str, tuple[Callable[[Course], None], str, str]] = {
    "a renamed variable": (first("setup", RENAMED), r"mini\.ipynb\[setup\]:2", "a_double"),
    "in the answer's own cell": (first("a_double", RENAMED), r"mini\.ipynb\[a_double\]:2", "a_double"),
    "a renamed function in another file": (whole_function_elsewhere, r"whl/hw_lib/errors\.py:\d+", "hw_lib/layers/dropout.py"),
    "half a sentence": (append("intro", f"Remember: *{HALF}*, as always."), r"mini\.ipynb\[intro\]:4", "b_answer"),
    "half a sentence over two lines": (append("setup", "# adding a thing to\n# itself is doubling it"), r"\[setup\]:3", "b_answer"),
    "words of a rubric": (append("intro", f"Say that {RUBRIC_WORDS}."), r"mini\.ipynb\[intro\]:4", "b_answer"),
    "a rubric outside of its answer": (append("intro", "**Rubric (1 point).** 1: done."), r"\[intro\]:4: a rubric is left", ""),
    "a hidden line as a comment": (first("a_double_test", f"# {HIDDEN}"), r"mini\.ipynb\[a_double_test\]:1", "a_double_test"),
    "a hidden line behind code": (first("a_double_test", f"x = 1  # {HIDDEN}"), r"\[a_double_test\]:1", "a_double_test"),
    "a hidden line in a string": (first("a_double_test", f'hint = """{HIDDEN}"""'), r"\[a_double_test\]:1", "a_double_test"),
    "a commented copy": (first("setup", re.sub("^", "#   ", RENAMED, flags=re.MULTILINE)), r"\[setup\]:2", "a_double"),
    "quoted in a sentence": (append("intro", "The trick is `return y + y + 0 * y`."), r"\[intro\]:4", "a_double"),
    "a block in a text": (append("intro", f"So:\n\n```python\n{RENAMED}\n```"), r"\[intro\]:8", "a_double"),
    "base64": (append("intro", base64.b64encode(f"{SECRET}\n".encode()).decode()), r"\[intro\]:4.*in base64", "a_double"),
    "base64 of a copy": (first("setup", f"hint = '{ENCODED}'"), r"\[setup\]:1.*in base64", "a_double"),
    "base64 in pieces": (first("setup", f"hint = ('{ENCODED[:30]}'\n    '{ENCODED[30:]}')"), r"\[setup\]:1.*in base64", "a_double"),
    "hexadecimal": (append("intro", SECRET.encode().hex()), r"\[intro\]:4.*in hexadecimal", "a_double"),
    "a docstring": (first("setup", f'"""A hint.\n\n{RENAMED}\n"""'), r"\[setup\]:4.*in a text", "a_double"),
    "a docstring of the wheel": (into("hw_lib/errors.py", f'"""{RENAMED}"""'), r"whl/hw_lib/errors\.py:\d+.*in a text", "a_double"),
    "a string with line ends": (first("setup", f"hint = {RENAMED!r}"), r"\[setup\]:1.*in a text", "a_double"),
    "an answer in the wheel": (into("hw_lib/errors.py", f"# {HALF}"), r"whl/hw_lib/errors\.py:\d+", "b_answer"),
    "metadata of a cell": (remember({"deep": [RENAMED]}), r"\[intro\] metadata:\d+", "a_double"),
    "words in metadata": (remember(f"They say that {HALF}."), r"\[intro\] metadata:\d+", "b_answer"),
    "an attachment": (attach("text/plain", RENAMED.encode()), r"\[intro\] metadata:\d+.*in base64", "a_double"),
    "a picture that says how it was made": (attach("image/png", PNG), r"\[intro\] metadata:\d+.*in base64", "a_double"),
}


@pytest.fixture
def with_rubric(course: Course) -> Course:
    """The tiny course, whose written answer has a rubric."""
    append("b_answer", RUBRIC)(course)
    return course


def test_the_course_itself_gives_nothing_away(with_rubric: Course, assignment: Assignment) -> None:
    """What the plants are planted into is clean."""
    assert release(with_rubric, assignment).archive.is_file()


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_copy_stops_the_release(with_rubric: Course, assignment: Assignment, plant: str) -> None:
    """The leak says where it is, and what it is a copy of."""
    change, where, origin = PLANTS[plant]
    change(with_rubric)
    with pytest.raises(LeakError) as caught:
        release(with_rubric, assignment)
    assert any(re.search(where, str(leak)) and origin in leak.origin for leak in caught.value.leaks), str(caught.value)
    assert not (with_rubric.build / "mini" / "mini.zip").exists()


def test_an_output_that_shows_an_answer_is_named(course: Course, assignment: Assignment) -> None:
    """No output is left in a hand-out, whoever put it there."""
    made = release(course, assignment)
    path = made.folder / "mini.ipynb"
    path.write_text(path.read_text().replace('"outputs": []', f'"outputs": [{{"output_type": "stream", "text": ["{SECRET}"]}}]', 1))
    with pytest.raises(ReleaseError, match=r"mini\.ipynb\[setup\]:0: an output"):
        audit(made.folder, assignment, frozenset(), set(made.files))


def test_a_file_beside_the_notebook_is_read(course: Course, assignment: Assignment) -> None:
    """Helpers and data that are handed out are searched as the notebook is."""
    made = release(course, assignment)
    (made.folder / "helper.py").write_text(RENAMED)
    taken = [taken for source in read_all(course, assignment) for taken in of_source(source)]
    with pytest.raises(LeakError, match=r"helper\.py:2: an answer but for its names"):
        audit(made.folder, assignment, frozenset(), {*made.files, "helper.py"}, taken)


def test_an_allowed_line_allows_its_copies(course: Course, assignment: Assignment) -> None:
    """What the author allows may stand there under other names, too; other lines may not."""
    first("setup", RENAMED)(course)
    assert release(course, replace(assignment, audit_allow=("return a + a + 0 * a",))).archive.is_file()
    append("intro", f"So {HALF}, see?")(course)
    with pytest.raises(LeakError):
        release(course, replace(assignment, audit_allow=("return a + a + 0 * a",)))
    assert release(course, replace(assignment, audit_allow=("return a + a + 0 * a", HALF))).archive.is_file()


def test_solutions_of_which_nobody_said_anything_stop_the_release(course: Course, assignment: Assignment) -> None:
    """Without `strip` every answer of the library would go out; the message names the files, and what to write."""
    with pytest.raises(ReleaseError, match=r"hw_lib/layers/conv\.py.*[\s\S]*strip = ") as caught:
        release(course, replace(assignment, strip=("hw_lib/layers/dropout.py",)))
    assert "dropout.py" not in str(caught.value).replace("fast/dropout.py", "").replace("spatial_dropout.py", "")
    with pytest.raises(ReleaseError, match=r"hw_lib/layers/dropout\.py"):
        release(course, replace(assignment, strip=()))
    assert not (course.build / "mini" / "mini.zip").exists()


def test_solutions_that_are_shipped_on_purpose(course: Course, assignment: Assignment) -> None:
    """`ship_solutions` says that students may read a file; it comes whole, without markers."""
    kept = replace(assignment, strip=("hw_lib/layers/dropout.py",), ship_solutions=("hw_lib/**/*.py",))
    text = (release(course, kept).student_build / "hw_lib/layers/conv.py").read_text()
    assert "xpad = np.pad" in text
    assert "SOLUTION" not in text


# ---- what is found in one text ----

FUNCTION = """
import numpy as np
def scaled(x, p, seed):
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    kept = rng.random(x.shape) >= p
    scale = 1 / (1 - p)
    out = x * kept * scale
    ### END SOLUTION
    return out
"""
TAKEN = of_module("answers.py", FUNCTION)


def leaks(text: str, taken: list[Taken] = TAKEN, allowed: tuple[str, ...] = ()) -> list[str]:
    """What is found in one text."""
    return [str(leak) for leak in find(everything({"f": text}), taken, allowed)]


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\ng = np.random.default_rng(s)\nm = g.random(a.shape) >= q\nf = 1 / (1 - q)\nr = a * m * f",
        "from numpy import random as n\ng = n.default_rng(s)\nf = 1 / (1 - q)\nm = q <= g.random(a.shape)\nr = a * m * f",
        "class A:\n  def f(self, a, q, s):\n    # first\n    g = np.random.default_rng(s)\n    m = g.random(a.shape) >= q\n\n"
        "    f = 1 / (1 - q)\n    other = 3\n    r = a * m * f\n    return r",
    ],
)
def test_a_stretch_is_found_in_any_dress(text: str) -> None:
    """Other names, another alias of numpy, another order, lines between."""
    assert leaks(text)
    assert not leaks(text.replace(" / ", " + ").replace(" >= ", " < ").replace("<=", ">"))


def test_one_telling_line_of_many_is_enough() -> None:
    """The line that is the idea, without the lines around it; a line of them alone is everybody's."""
    lines = ["n = len(x)", "kept = ((draw(x.shape) >= p) / (1 - p)).astype(kind, copy=False)", "out = x * kept", "y = out + n"]
    taken = of_module("answers.py", "\n".join(["### BEGIN SOLUTION", *lines, "### END SOLUTION"]))
    assert len(leaks("some = 3\nm = ((u(z.shape) >= q) / (1 - q)).astype(k, copy=False)", taken)) == 1
    assert [leaks(line.replace("out", "o"), taken) for line in (lines[0], lines[2], lines[3])] == [[], [], []]


@pytest.mark.parametrize(
    "text",
    [
        "rng = np.random.default_rng(seed)",
        "out = x * kept * scale",
        "N, D = x.shape\nout = np.zeros((N, D))\nfor i in range(N):\n    out[i] = x[i].sum()",
        "result, cache = layer(x, w, b)",
        "In inverted dropout the activations are scaled by 1 / (1 - p) while training.",
        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==",
        "x = (((((",
        "",
        "\0\udc80",
    ],
)
def test_what_everybody_writes_is_no_copy(text: str) -> None:
    """A line that says little, a sentence about the subject, a picture, what is no code at all."""
    assert leaks(text) == []


def test_a_hidden_test_may_repeat_what_the_cell_shows() -> None:
    """A line that is visible in the same cell gives nothing away elsewhere either; one that is not does."""
    shown, hidden = "checks.close('f', f(3), 9, rtol=0.1 / 2)", "checks.close('f', f(17), 289, rtol=0.1 / 2)"
    whole = f"{shown}\n### BEGIN HIDDEN TESTS\n{shown}\n{hidden}\n### END HIDDEN TESTS"
    first_line, lines = regions.strip_regions(whole, regions.HIDDEN_TESTS).blocks[0]
    taken = [Taken("t", first_line, lines, whole, is_code=True, is_test=True, beside=shown)]
    assert leaks(shown, taken) == []
    assert len(leaks(hidden, taken)) == 1


def test_both_places_stand_side_by_side(course: Course, assignment: Assignment) -> None:
    """The message has a line for each place, the error both texts."""
    first("setup", RENAMED)(course)
    with pytest.raises(LeakError) as caught:
        release(course, assignment)
    (leak,) = caught.value.leaks
    assert (leak.file, leak.line, leak.text.strip()) == ("mini.ipynb[setup]", 2, "return thing + thing + 0 * thing")
    assert (leak.origin, leak.original.strip()) == ("mini.ipynb[a_double]:3", SECRET)
    assert f"mini.ipynb[setup]:2: an answer but for its names: {leak.text.strip()}\n" in str(caught.value)
    assert f"taken out of mini.ipynb[a_double]:3: {SECRET}" in str(caught.value)


def test_an_alarm_does_not_depend_on_what_else_is_there(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    """The same cell twice is two leaks, each at its place."""
    first("setup", RENAMED)(course)
    append("intro", f"```\n{RENAMED}\n```")(course)
    with pytest.raises(LeakError) as caught:
        release(replace(course, build=tmp_path), assignment)
    assert [(leak.file, leak.line) for leak in caught.value.leaks] == [("mini.ipynb[intro]", 6), ("mini.ipynb[setup]", 2)]


def test_canonical_notebooks_are_read_as_students_get_them(course: Course, assignment: Assignment) -> None:
    """Every cell of the hand-out is a text of its own, with the lines that a student counts."""
    (source,) = read_all(course, assignment)
    assert {taken.place for taken in of_source(source)} == {
        *("mini.ipynb[a_double]", "mini.ipynb[a_double_test]", "mini.ipynb[b_answer]", "mini.ipynb[c_count]")
    }
    answer = next(nb.text(cell) for cell in source.notebook["cells"] if cell["id"] == "b_answer")
    assert [taken.lines for taken in of_source(source) if taken.place.endswith("[b_answer]")] == [(answer,)]
