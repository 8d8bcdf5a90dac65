"""A release holds everything a student needs and nothing of an answer; one planted line stops it and leaves the old one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grading import notebook as nb
from grading.course import Course
from grading.records import GradingError
from grading.release.audit import ReleaseError, audit, secret_lines
from grading.release.handout import release, standing
from grading.settings import Assignment

SECRET = "return x + x + 0 * x"  # a line of the tiny notebook's solution
LIBRARY_SECRET = "mask = ((uniform(x.shape) >= p) / (1 - p)).astype(_mask_dtype(x), copy=False)"  # a line of hw_lib's


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edit_cell(course: Course, cell_id: str, change: Callable[[nb.Cell], object]) -> None:
    """Change one cell of the tiny course's source."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    source = nb.parse(path.read_bytes(), "mini")
    change(next(found for found in source["cells"] if found["id"] == cell_id))
    path.write_text(nb.dump(source), encoding="utf-8")


def edit_file(course: Course, name: str, change: Callable[[str], str]) -> None:
    """Change one file of the tiny course."""
    path = course.root / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def after(line: str, planted: str) -> Callable[[nb.Cell], object]:
    """Plant a line behind another one."""

    def change(found: nb.Cell) -> None:
        assert line in found["source"].split("\n")
        found["source"] = found["source"].replace(line, f"{line}\n{planted}", 1)

    return change


def python(code: str, *paths: Path) -> str:
    """Run Python without our own packages in front; returns what it printed."""
    command = [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n{code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_a_student_gets(course: Course, assignment: Assignment) -> None:
    """The notebook and the wheel, the same as one zip, and the unpacked wheel for the sandbox."""
    made = release(course, assignment)
    assert re.fullmatch(r"hw_lib-0\.1\.0\+h[0-9a-f]{12}-py3-none-any\.whl", made.files[0]) and made.files[1:] == ("mini.ipynb",)
    with zipfile.ZipFile(made.archive) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            f"mini/{name}": data for name, data in contents(made.folder).items()
        }
    with zipfile.ZipFile(made.folder / made.files[0]) as wheel:
        assert {name: wheel.read(name) for name in wheel.namelist()} == contents(made.student_build)
    assert not list((course.build / "mini").glob(".release-*"))


def test_the_wheel_has_the_version_of_its_content(course: Course, assignment: Assignment) -> None:
    """The same content has the same version; another one, data included, another: a notebook's first cell compares them."""

    def version() -> str:
        wheel, _ = release(course, assignment).files
        with zipfile.ZipFile(course.workspace(assignment).release / wheel) as packed:
            (metadata,) = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
            (said,) = re.findall(r"^Version: (.*)$", packed.read(metadata).decode(), re.MULTILINE)
        assert wheel == f"hw_lib-{said}-py3-none-any.whl" and metadata.startswith(f"hw_lib-{said}.dist-info/")
        return str(said)

    first = version()
    assert version() == first
    (course.root / "hw_lib" / "table.csv").write_text("1,2\n")
    second = version()
    edit_file(course, "hw_lib/errors.py", lambda text: f"{text}# a word\n")
    assert len({first, second, version()}) == 3


def test_data_of_the_library_reach_the_wheel(course: Course, assignment: Assignment) -> None:
    """Files that hw_lib reads are handed out with it, and lie there when a submission is graded; caches are not."""
    for name, data in {"data/table.csv": b"1,2\n", "data/deep/x.npy": b"\x93NUMPY\x00", "py.typed": b""}.items():
        (course.root / "hw_lib" / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / "hw_lib" / name).write_bytes(data)
    for name in ("__pycache__/x.cpython-311.pyc", ".ipynb_checkpoints/x.py", "data/.DS_Store"):
        (course.root / "hw_lib" / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / "hw_lib" / name).write_bytes(b"x")
    made = release(course, assignment)
    with zipfile.ZipFile(made.folder / made.files[0]) as wheel:
        names = set(wheel.namelist())
        assert wheel.read("hw_lib/data/table.csv") == b"1,2\n" and wheel.read("hw_lib/data/deep/x.npy") == b"\x93NUMPY\x00"
    assert "hw_lib/py.typed" in names
    assert not [name for name in names if "cache" in name or "checkpoints" in name or "DS_Store" in name]
    assert (made.graded_build / "hw_lib" / "data" / "table.csv").read_bytes() == b"1,2\n"


def test_no_line_of_an_answer_is_left(course: Course, assignment: Assignment) -> None:
    """Neither the notebook's solutions and hidden tests nor the library's are anywhere in what was made."""
    made = release(course, assignment)
    text = b"\n".join(contents(made.folder).values()) + b"\n".join(contents(made.student_build).values())
    for secret in (SECRET, LIBRARY_SECRET, "doubling it", "seen = [1, 2, 3]", "squared instead", "double(21)"):
        assert secret.encode() not in text, secret
    assert LIBRARY_SECRET in (course.root / "hw_lib/layers/dropout.py").read_text(), "the test looks for a line that is not there"


PLANTS: dict[str, tuple[Callable[[Course], None], str, str]] = {
    "prose": (
        lambda course: edit_cell(course, "intro", after("# Tiny", f"The trick is `{SECRET}`.")),
        r"mini\.ipynb\[intro\]:2: ",
        SECRET,
    ),
    "visible test": (
        lambda course: edit_cell(course, "a_double_test", after("checks.value('double(1)', double(1), 2)", f"#     {SECRET}")),
        r"mini\.ipynb\[a_double_test\]:2: ",
        SECRET,
    ),
    "given code": (
        lambda course: edit_cell(course, "setup", after("from hw_lib import checks", "f = lambda x: x\nseen = [1, 2, 3]")),
        r"mini\.ipynb\[setup\]:3: ",
        "seen = [1, 2, 3]",
    ),
    "metadata of a cell": (
        lambda course: edit_cell(course, "intro", lambda found: found["metadata"].update(hint={"text": [SECRET]})),
        r"mini\.ipynb\[intro\] metadata:\d+: ",
        SECRET,
    ),
    "another file of hw_lib": (
        lambda course: edit_file(course, "hw_lib/errors.py", lambda text: f"# {LIBRARY_SECRET}\n{text}"),
        r"whl/hw_lib/errors\.py:1: ",
        LIBRARY_SECRET,
    ),
    "a docstring of the stripped file": (
        lambda course: edit_file(course, "hw_lib/layers/dropout.py", lambda text: text.replace('"""', f'"""{LIBRARY_SECRET}', 1)),
        r"whl/hw_lib/layers/dropout\.py:1: ",
        LIBRARY_SECRET,
    ),
    "a forgotten copy": (
        lambda course: edit_file(
            course,
            "hw_lib/__init__.py",
            lambda text: text + re.sub("###.*", "", (course.root / "hw_lib/layers/dropout.py").read_text()),
        ),
        r"whl/hw_lib/__init__\.py:\d+: ",
        "a line of a solution",
    ),
    "a marker": (
        lambda course: edit_file(course, "hw_lib/errors.py", lambda text: f"{text}# see BEGIN HIDDEN TESTS\n"),
        r"whl/hw_lib/errors\.py:\d+: a marker is left",
        "BEGIN HIDDEN TESTS",
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_line_stops_the_release(course: Course, assignment: Assignment, plant: str) -> None:
    """The message names the file or cell and the line, and the release that was there stays as it was."""
    release(course, assignment)
    before = contents(course.build)
    change, where, text = PLANTS[plant]
    change(course)
    with pytest.raises(ReleaseError) as caught:
        release(course, assignment)
    said = str(caught.value)
    assert re.search(where, said), said
    assert text in said
    assert "nothing was released" in said
    assert contents(course.build) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda course: edit_cell(course, "a_double", lambda found: found.update(source="### BEGIN SOLUTION\nx")),
        lambda course: edit_cell(course, "a_double", lambda found: nb.meta(found).update(grade_id="no word")),
        lambda course: edit_file(course, "hw_lib/layers/dropout.py", lambda text: text.replace("### END SOLUTION", "# end", 1)),
        lambda course: edit_file(course, "hw_lib/layers/dropout.py", lambda text: re.sub("### (BEGIN|END) SOLUTION", "# x", text)),
        lambda course: edit_file(
            course, "hw_lib/layers/dropout.py", lambda text: text.replace("    ### BEGIN SOLUTION", "        ### BEGIN SOLUTION", 1)
        ),
        lambda course: (course.root / "hw_lib/layers/dropout.py").rename(course.root / "hw_lib/layers/drop.py"),
    ],
)
def test_a_broken_source_stops_the_release(course: Course, assignment: Assignment, change: Callable[[Course], object]) -> None:
    """A rule that is broken, a marker without its partner, a file that is not stripped: nothing changes on disk."""
    release(course, assignment)
    before = contents(course.build)
    change(course)
    with pytest.raises(GradingError):
        release(course, assignment)
    assert contents(course.build) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "FileNotFoundError"),
        ("[project", "TOMLDecodeError"),
        ("", "KeyError"),
        ("project = 3", "TypeError"),
        ('[project]\nversion = "1"', "no description"),
        (
            '[project]\nversion = "1"\ndescription = ""\nrequires-python = ""\ndependencies = []\noptional-dependencies = {}',
            "no torch",
        ),
    ],
)
def test_a_course_without_pyproject(course: Course, assignment: Assignment, text: str | None, said: str) -> None:
    """The wheel of hw_lib is built by it: the message says which file, what it needs, and where to take it from."""
    path = course.root / "pyproject.toml"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(ReleaseError, match=r"pyproject\.toml") as caught:
        release(course, assignment)
    assert said in str(caught.value)
    assert "copy pyproject.toml from the repository" in str(caught.value)


def test_an_allowed_line_is_no_leak(course: Course, assignment: Assignment) -> None:
    """The author can say that a line gives nothing away."""
    edit_cell(course, "intro", after("# Tiny", SECRET))
    with pytest.raises(ReleaseError):
        release(course, assignment)
    release(course, replace(assignment, audit_allow=(SECRET,)))


@pytest.mark.parametrize("stranger", ["notes.txt", "__pycache__/x.pyc", ".ipynb_checkpoints/mini.ipynb", "mini.results.json"])
def test_a_stranger_is_found(course: Course, assignment: Assignment, stranger: str) -> None:
    """The list of files is closed: whatever is not on it does not go out."""
    made = release(course, assignment)
    audit(made.folder, assignment, frozenset(), set(made.files))
    path = made.folder / stranger
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    with pytest.raises(ReleaseError, match=f"{re.escape(stranger)}:0: not on the list of files to release"):
        audit(made.folder, assignment, frozenset(), set(made.files))


def test_a_stranger_in_the_wheel_is_found(course: Course, assignment: Assignment) -> None:
    """The wheel holds hw_lib's modules and what a wheel says about itself, and nothing else."""
    made = release(course, assignment)
    with zipfile.ZipFile(made.folder / made.files[0], "a") as wheel:
        wheel.writestr("hw_lib/layers/__pycache__/dropout.pyc", b"x")
    with pytest.raises(ReleaseError, match=r"hw_lib/layers/__pycache__/dropout\.pyc:0: not on the list"):
        audit(made.folder, assignment, frozenset(), set(made.files))


def test_an_output_is_found(course: Course, assignment: Assignment) -> None:
    """An output or a count would show what the solution computes."""
    made = release(course, assignment)
    path = made.folder / "mini.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["42"]}]
    notebook["cells"][3]["execution_count"] = 4
    path.write_text(json.dumps(notebook))
    with pytest.raises(ReleaseError, match=r"mini\.ipynb\[a_double\]:0: an output[\s\S]*mini\.ipynb\[a_double_test\]:0: an output"):
        audit(made.folder, assignment, frozenset(), set(made.files))


def test_the_audit_reads_every_cell_and_module(course: Course, assignment: Assignment) -> None:
    """Whatever word the audit is told to look for, it finds it in the notebook and in the wheel."""
    made = release(course, assignment)
    with pytest.raises(ReleaseError) as caught:
        audit(made.folder, assignment, frozenset({"Double things", "One message format"}), set(made.files))
    assert "mini.ipynb[intro]:2: a line" in str(caught.value)
    assert "/hw_lib/errors.py:1: a line" in str(caught.value)
    audit(made.folder, assignment, secret_lines(["nobody has written this line"]), set(made.files))


@pytest.mark.slow
def test_stubs_raise_and_the_rest_imports(course: Course, assignment: Assignment) -> None:
    """From the wheel alone: the exercises raise and name the notebook, every other module can be imported."""
    made = release(course, assignment)
    wheel = made.folder / made.files[0]
    said = python(
        """
import importlib, pkgutil, numpy as np, hw_lib
assert '.whl' in hw_lib.__file__, hw_lib.__file__
names = [found.name for found in pkgutil.walk_packages(hw_lib.__path__, 'hw_lib.')]
for name in names:
    importlib.import_module(name)
from hw_lib.layers import dropout_backward, dropout_forward
for call in (lambda: dropout_forward(np.ones(3), {'mode': 'test', 'p': 0.5}), lambda: dropout_backward(np.ones(3), ({}, None))):
    try:
        call()
        print('it works')
    except NotImplementedError as error:
        print(error)
print(*sorted(names))
""",
        wheel,
    )
    first, second, names = said.splitlines()
    assert first == second == "you write this one yourself, in mini.ipynb"
    ours = course.root / "hw_lib"
    modules = {path.relative_to(course.root).with_suffix("").as_posix().replace("/", ".") for path in ours.rglob("*.py")}
    assert set(names.split()) == {name.removesuffix(".__init__") for name in modules} - {"hw_lib"}


def test_the_wheel_says_what_it_needs(course: Course, assignment: Assignment) -> None:
    """The wheel asks for the same packages as the base install, and knows the extra for PyTorch; none of the staff's; a licence."""
    (course.root / "LICENSE").write_text("You may.")
    made = release(course, assignment)
    assert [path.read_text() for path in made.student_build.rglob("LICENSE")] == ["You may."]
    metadata = next(path for path in made.student_build.rglob("METADATA")).read_text()
    requires = re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)
    assert any(line.startswith("numpy") and "extra" not in line for line in requires)
    assert any(line.startswith("torch") and "extra == 'torch'" in line for line in requires)
    assert not any(line.startswith(("nbgrader", "ipython", "pytest")) for line in requires)
    assert "License-Expression: BSD-3-Clause" in metadata


def test_two_releases_are_the_same_bytes(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    """Wheel and zip included, whatever the clock says and wherever they are made."""
    first = contents(release(course, assignment).folder.parent)
    for path in course.root.rglob("*.py"):
        path.touch()
    second = contents(release(replace(course, build=tmp_path / "elsewhere"), assignment).folder.parent)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_release_leaves_the_source_alone(course: Course, assignment: Assignment) -> None:
    """Releasing reads the course and writes below the build folder only."""
    before = contents(course.root)
    release(course, assignment)
    assert {name: data for name, data in contents(course.root).items() if not name.startswith("build/")} == before


def test_the_students_text_comes_with_the_notebook(course: Course, assignment: Assignment) -> None:
    """As a page; one that gives an answer away stops the release, and one that is missing says so."""
    text = course.root / "students.md"
    text.write_text("# For you\n\nRun `it`: $x^2$\n")
    with_text = replace(course, readme=text)
    page = (release(with_text, assignment).folder / "README.html").read_text()
    assert "<h1" in page and "<code>it</code>" in page and "<math" in page and "http" not in page.replace("http://www.w3.org", "")
    text.write_text(f"A hint:\n\n    {SECRET}\n")
    with pytest.raises(ReleaseError, match=r"README\.html"):
        release(with_text, assignment)
    text.unlink()
    with pytest.raises(ReleaseError, match="readme"):
        release(with_text, assignment)


def test_archives_that_are_older_are_said_to_be(course: Course, assignment: Assignment) -> None:
    """A hand-out or a homework's bundle that was made before; what was never made, and other homeworks', are not named."""
    course = replace(course, homeworks={"hw1": ("mini/mini",), "hw2": ("minimal/other",)})
    work = course.workspace(assignment)
    assert standing(course, assignment, own=True) == []
    release(course, assignment)
    for name in course.homeworks:
        work.bundle(name).write_bytes(b"")
    handout, bundle = standing(course, assignment, own=True)
    assert re.search(r"mini/mini\.zip is still that of \d{4}-\d\d-\d\d \d\d:\d\d; `.* release mini` makes it anew", handout)
    assert re.search(r"hw1\.zip is still that of .*; `.* release hw1` makes it anew", bundle)
    assert standing(course, assignment, own=False) == [bundle]


def test_nothing_appears_before_it_is_proved(course: Course, assignment: Assignment) -> None:
    """The proof sees the library as it is graded, while there is no release yet; if it fails, there is none afterwards."""
    work, seen = course.workspace(assignment), []

    def refuse(build: Path) -> None:
        seen.append(((build / "hw_lib/layers/dropout.py").is_file(), work.archive.exists(), work.release.exists()))
        raise GradingError("a test is wrong")

    with pytest.raises(GradingError, match="a test is wrong"):
        release(course, assignment, refuse)
    assert seen == [(True, False, False)]
    assert not work.archive.exists() and not work.graded_build.exists() and not list(work.folder.glob(".release-*"))
