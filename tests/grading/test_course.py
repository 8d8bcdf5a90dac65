"""course.toml is read strictly: what it says wrongly is said back with the nearest right word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading import course as courses
from grading.course import CourseError
from grading.settings import Limits

from .conftest import COURSE, ROOT


def written(folder: Path, text: str) -> Path:
    """A course.toml with this text."""
    path = folder / "course.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_course(tmp_path: Path) -> None:
    """Every setting arrives, with paths made absolute and numbers as numbers."""
    course = courses.load(written(tmp_path, COURSE))
    mini = course.assignments["mini"]
    assert (course.root, course.notebooks, course.build) == (tmp_path, tmp_path / "notebooks", tmp_path / "build")
    assert (mini.title, mini.notebooks, mini.optional) == ("A tiny homework", ("mini",), ("c",))
    assert (mini.limits.cell_s, mini.limits.output_mb, course.jobs) == (2, 0.2, 2)
    assert course.source(mini, "mini") == tmp_path / "notebooks" / "mini" / "mini.ipynb"


@pytest.mark.parametrize(
    ("old", "new", "wrong", "near"),
    [
        ("jobs = 2", "job = 2", "job", "jobs"),
        ("cpu_s = 60", "cpu = 60", "cpu", "cpu_s"),
        ("optional =", "optionals =", "optionals", "optional"),
        ('optional = ["c"]\n', 'optional = ["c"]\n[assignments.mini.limits]\nwal_s = 3\n', "wal_s", "wall_s"),
        ("[limits]", "[limit]", "limit", "limits"),
        ("[assignments.mini]", "[assignment.other]\n[assignments.mini]", "assignment", "assignments"),
    ],
)
def test_an_unknown_key_gets_a_guess(tmp_path: Path, old: str, new: str, wrong: str, near: str) -> None:
    """A mistyped setting or table is never ignored; the message names it and the nearest one there is."""
    assert old in COURSE
    with pytest.raises(CourseError) as caught:
        courses.load(written(tmp_path, COURSE.replace(old, new, 1)))
    said = str(caught.value)
    assert f"{wrong!r}" in said
    assert f"did you mean {near!r}?" in said


def test_an_unknown_assignment_gets_a_guess(tmp_path: Path) -> None:
    """A mistyped assignment gets the nearest one; a word like none of them gets the list."""
    course = courses.load(written(tmp_path, COURSE))
    with pytest.raises(CourseError, match=r"no assignment or homework is called 'mimi'[\s\S]*did you mean 'mini'\?"):
        course.named("mimi")
    with pytest.raises(CourseError, match="use one of mini"):
        course.named("zzzz")


def test_a_limit_that_is_not_named_has_a_default(tmp_path: Path) -> None:
    """A submission never runs without one of its limits, and nobody has to name one."""
    limits = courses.load(written(tmp_path, COURSE.replace("memory_mb = 1000\n", ""))).assignments["mini"].limits
    assert (limits.memory_mb, limits.wall_s) == (3000, 60)
    none = courses.load(written(tmp_path, re.sub(r"\[limits\][^\[]*", "", COURSE))).assignments["mini"].limits
    assert none == Limits() and all(value > 0 for value in vars(none).values())


def test_the_one_assignment_needs_no_name(tmp_path: Path) -> None:
    """Of several, and of none, it is said that one has to be named."""
    assert courses.load(written(tmp_path, COURSE)).only() == "mini"
    two = COURSE + "[assignments.other]\nnotebooks = []\n"
    with pytest.raises(CourseError, match=r"2 assignments in course.toml[\s\S]*name one of mini, other"):
        courses.load(written(tmp_path, two)).only()
    with pytest.raises(CourseError, match="describe one in"):
        courses.load(written(tmp_path, "[course]\n")).only()


def test_a_course_without_a_library_has_the_installed_one(tmp_path: Path) -> None:
    """And gives none of its exercises away, unless its author says so."""
    path = written(tmp_path, COURSE.replace('strip = ["hw_lib/layers/dropout.py", "hw_lib/**/*.py"]\n', ""))
    course = courses.load(path)
    assert course.library == ROOT and course.assignments["mini"].strip == ("hw_lib/**/*.py",)
    (tmp_path / "hw_lib").mkdir()
    own = courses.load(path)
    assert own.library == tmp_path and own.assignments["mini"].strip == ()


def test_an_assignment_overrides_a_limit(tmp_path: Path) -> None:
    """An assignment's own limit wins; the others come from the course."""
    text = COURSE.replace("memory_mb = 1000\n", "") + "[assignments.mini.limits]\nmemory_mb = 77\n"
    limits = courses.load(written(tmp_path, text)).assignments["mini"].limits
    assert (limits.memory_mb, limits.wall_s) == (77, 60)


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("sqlite:///grades/book.db", "sqlite:///{root}/grades/book.db"),
        ("sqlite:////var/lib/book.db", "sqlite:////var/lib/book.db"),
        ("postgresql://grader@db/course", "postgresql+psycopg2://grader@db/course"),
    ],
)
def test_sqlite_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, absolute: str) -> None:
    """The gradebook is the same one wherever `hw` is called; other databases are left alone."""
    path = written(tmp_path, COURSE.replace("[course]", f'[course]\ndb = "{url}"'))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert courses.load(Path("..") / "course.toml").db == absolute.format(root=tmp_path)
    assert courses.load(path).db == absolute.format(root=tmp_path)


def test_the_default_gradebook_lies_in_the_build_folder(tmp_path: Path) -> None:
    """Without `db`, build/gradebook.db below course.toml."""
    assert courses.load(written(tmp_path, COURSE)).db == f"sqlite:///{tmp_path}/build/gradebook.db"


def test_the_nearest_course_is_found(tmp_path: Path) -> None:
    """`hw` works in every folder of a course, and says so where there is none."""
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    with pytest.raises(CourseError, match=re.escape("course.toml was not found")):
        courses.find(below)
    path = written(tmp_path, COURSE)
    assert courses.find(below) == path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[course]", "[course"),
        ("jobs = 2", 'jobs = "two"'),
        ('notebooks = ["mini"]', 'notebooks = "mini"'),
        ('optional = ["c"]', 'optional = "c"'),
        ("memory_mb = 1000", 'memory_mb = "much"'),
        ('[assignments.mini]\ntitle = "A tiny homework"', "[assignments]\nother = 3\n[assignments.mini]"),
        ("[course]\njobs = 2", "course = 3"),
        ("jobs = 2", "jobs = 0"),
    ],
)
def test_nonsense_is_a_course_error(tmp_path: Path, old: str, new: str) -> None:
    """A value of the wrong type, or a file that is not TOML, is the author's to mend: a message, not a traceback."""
    assert old in COURSE
    with pytest.raises(CourseError, match=r"course\.toml"):
        courses.load(written(tmp_path, COURSE.replace(old, new, 1)))


@pytest.mark.parametrize("address", ["https://colab.example/mini.ipynb", "colab.example/{notebook}.ipynb"])
def test_an_address_without_its_notebook(tmp_path: Path, address: str) -> None:
    """A link to Colab must lead to the notebook that it stands in."""
    text = COURSE.replace("[course]", f'[course]\ncolab = "{address}"', 1)
    with pytest.raises(CourseError, match=r"colab is no address of a notebook"):
        courses.load(written(tmp_path, text))


def test_a_missing_file_is_a_course_error(tmp_path: Path) -> None:
    """--course with a path that does not exist says which."""
    with pytest.raises(CourseError, match=r"nowhere\.toml cannot be read"):
        courses.load(tmp_path / "nowhere.toml")


def test_a_folder_stands_for_its_course(tmp_path: Path) -> None:
    """--course with a folder takes the course.toml in it; without one it says what to name."""
    written(tmp_path, COURSE)
    assert courses.load(tmp_path).root == tmp_path
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match=r"course\.toml was not found[\s\S]*name the course's folder"):
        courses.load(tmp_path / "empty")


def test_only_a_line_that_is_named_is_to_be_mended(tmp_path: Path) -> None:
    """A file that is not there has no line; one that is not TOML has."""
    with pytest.raises(CourseError, match=r"fix: +name a course\.toml that is there"):
        courses.load(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xfc"')
    with pytest.raises(CourseError, match=r"fix: +save it as UTF-8"):
        courses.load(tmp_path / "latin.toml")
    with pytest.raises(CourseError, match=r"line 1[\s\S]*fix: +correct the line that is named"):
        courses.load(written(tmp_path, "x = = 3"))


def test_of_many_names_the_nearest_are_said() -> None:
    """A class of a thousand is not printed because of one slip, and capitals are no difference."""
    names = [f"student-{number:04}" for number in range(1000)]
    said = courses.unknown("student", "Student-0421x", names)
    assert len(said) < 300
    assert "one of 1,000: student-0000, student-0001," in said
    assert "did you mean 'student-0421' or 'student-" in said
    assert "did you mean" not in courses.unknown("student", "?", names)


def test_the_real_course_is_sound() -> None:
    """The course.toml of this repository can be read, and every source it names is there."""
    course = courses.load(courses.find(Path(__file__).parent))
    for assignment in course.assignments.values():
        assert assignment.notebooks
        for name in assignment.notebooks:
            assert course.source(assignment, name).is_file()
