"""`hw check` says while writing what `hw release` would refuse, by the same steps, and leaves what was released alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading import authors, cli
from grading import notebook as nb
from grading.course import Course
from grading.release import handout


def edited(course: Course, cell_id: str, old: str, new: str) -> Path:
    """The tiny notebook with one text exchanged."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    source = nb.parse(path.read_bytes(), "mini")
    found = next(cell for cell in source["cells"] if cell["id"] == cell_id)
    assert old in found["source"]
    found["source"] = found["source"].replace(old, new)
    path.write_text(nb.dump(source), encoding="utf-8")
    return path


@pytest.mark.kernel
def test_a_notebook_that_would_be_released(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """It says so, and nothing is there afterwards that a student could get."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    assert cli.main(["check", str(path)]) == 0
    assert "mini would be released" in capsys.readouterr().out
    assert not (course.build / "mini").exists() and not (course.build / "secret").exists()


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("cell_id", "old", "new", "said"),
    [
        ("intro", "Double things.", "The trick: return x + x + 0 * x", "would give 1 thing"),
        ("a_double_test", "### END HIDDEN TESTS", "", "never closed"),
        ("a_double_test", "double(1), 2)", "double(1), 3)", "does not give the author's own answers all points"),
    ],
)
def test_it_says_what_release_says(
    course: Course, capsys: pytest.CaptureFixture[str], cell_id: str, old: str, new: str, said: str
) -> None:
    """A leak, a broken marker, a test that the author fails: word for word the same."""
    path = edited(course, cell_id, old, new)
    assert cli.main(["check", str(path)]) == 1
    check = capsys.readouterr().err
    assert cli.main(["--course", str(course.root), "release", "mini"]) == 1
    assert said in check
    release = capsys.readouterr().err
    assert release.startswith(check.rstrip())
    rest = release[len(check.rstrip()) :].split("\n")  # a page with both sides, which a check does not leave behind
    assert [line for line in rest if line and "both sides of each" not in line] == []


def test_a_notebook_that_course_toml_does_not_name(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """The line that is missing is said."""
    path = course.root / "notebooks" / "second" / "more.ipynb"
    path.parent.mkdir()
    path.write_text((course.root / "notebooks" / "mini" / "mini.ipynb").read_text())
    assert cli.main(["check", str(path)]) == 1
    assert '[assignments.second] with notebooks = ["more"]' in capsys.readouterr().err
    assert cli.main(["check", str(path.with_name("none.ipynb"))]) == 1
    assert "there is no such notebook" in capsys.readouterr().err


def test_it_watches(course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Once at the beginning, once after each save, of the notebook, of a file beside it and of course.toml; not in between."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    saves: Iterator[Path | None] = iter([None, path, None, course.root / "course.toml", path.with_name("mini.help.md"), None])

    def wait(_: float) -> None:
        saved = next(saves, path.parent)
        if saved == path.parent:
            raise KeyboardInterrupt
        if saved is not None:
            saved.touch()
            os.utime(saved, (1_000_000_000, 1_000_000_000 + len(checked)))

    checked: list[str] = []
    monkeypatch.setattr(authors.time, "sleep", wait)
    monkeypatch.setattr(authors, "_try", lambda *_: checked.append("checked"))
    options = cli._parser().parse_args(["check", str(path), "--watch"])
    with pytest.raises(KeyboardInterrupt):
        options.run(options)
    assert len(checked) == 4
    assert capsys.readouterr().out.count("watching") == 4


@pytest.mark.kernel
def test_what_was_released_stays(course: Course) -> None:
    """A check of a notebook that is being changed touches nothing of the release."""
    made = handout.release(course, course.assignments["mini"])
    before = made.archive.read_bytes()
    cli.main(["check", str(edited(course, "intro", "Double things.", "Triple things."))])
    assert made.archive.read_bytes() == before
