"""`hw` says what it can do, what was meant, what is missing and what to type; a user's slip is never a traceback."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from grading import cli, gradebook, pipeline, progress
from grading.course import Course
from grading.progress import Step
from grading.sandbox import choose
from grading.settings import Assignment

from .conftest import PERFECT, HandIn

VERBS = ("release", "collect", "grade", "similar", "feedback", "report", "requests", "stats", "export", "solutions")

Hw = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hw(course: Course, capsys: pytest.CaptureFixture[str]) -> Hw:
    """Calls `hw` on the tiny course: (exit status, standard output, standard error)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["--course", str(course.root / "course.toml"), *arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return call


def test_help_lists_the_verbs() -> None:
    """`hw --help`, as a newcomer types it, names every verb with a sentence, in the order of their use."""
    command = [sys.executable, "-m", "grading.cli", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stderr) == (0, "")
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("    ") and line.split()[0] in VERBS]
    assert listed == list(VERBS)
    assert "Build what students get" in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`hw VERB --help` says what it does and that it takes an assignment."""
    with pytest.raises(SystemExit) as caught:
        cli.main([verb, "--help"])
    assert caught.value.code == 0
    assert "assignment" in capsys.readouterr().out


@pytest.mark.parametrize(("typed", "meant"), [("relase", "release"), ("grades", "grade"), ("feedbak", "feedback")])
def test_an_unknown_verb_gets_a_guess(hw: Hw, typed: str, meant: str) -> None:
    """A mistyped verb: exit status 1 and the nearest one."""
    status, out, err = hw(typed, "mini")
    assert (status, out) == (1, "")
    assert f"no verb is called '{typed}'" in err
    assert f"did you mean '{meant}'?" in err


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_assignment_gets_a_guess(hw: Hw, verb: str) -> None:
    """A mistyped assignment, for every verb."""
    status, out, err = hw(verb, "minni", *(["folder"] if verb == "collect" else []))
    assert (status, out) == (1, "")
    assert "no assignment or homework is called 'minni'" in err
    assert "did you mean 'mini'?" in err


def test_no_verb_shows_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """`hw` alone ends as other programs do."""
    with pytest.raises(SystemExit) as caught:
        cli.main([])
    assert caught.value.code == 2
    assert "usage: hw" in capsys.readouterr().err


def test_outside_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In a folder without course.toml it says so, and how to name one."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["grade", "mini"]) == 1
    said = capsys.readouterr().err
    assert "course.toml was not found" in said
    assert "--course" in said


@pytest.mark.kernel
def test_the_next_verb_is_named(hw: Hw, hand_in: HandIn) -> None:
    """Too early: each verb names the command that has to come before it."""
    assert_says(hw("grade", "mini"), "hw release mini")
    assert hw("release", "mini")[0] == 0
    assert_says(hw("grade", "mini"), "hw collect mini")
    assert hw("collect", "mini", str(hand_in("ada", PERFECT)))[0] == 0
    for verb in ("report", "feedback", "export"):
        assert_says(hw(verb, "mini"), "hw grade mini")


def assert_says(result: tuple[int, str, str], text: str) -> None:
    """It failed, and standard error holds this text."""
    status, _, err = result
    assert status == 1
    assert text in err


@pytest.mark.parametrize("name", ["nowhere", "empty", "file.txt", "file.zip"])
def test_a_source_that_is_none(hw: Hw, course: Course, name: str) -> None:
    """A folder that is not there, or holds nothing, or is something else: one message."""
    (course.root / "empty").mkdir()
    (course.root / "file.txt").write_text("x")
    (course.root / "file.zip").write_text("x")
    status, out, err = hw("collect", "mini", str(course.root / name))
    assert (status, out) == (1, "")
    assert name in err


def test_a_leak_is_an_exit_status(hw: Hw, course: Course) -> None:
    """`make release` stops: status 1, and standard error names the cell and the line."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    path.write_text(path.read_text().replace('"Double things."', '"return x + x + 0 * x"'))
    status, out, err = hw("release", "mini")
    assert status == 1
    assert "released" not in out
    assert "mini.ipynb[intro]:2" in err


@pytest.mark.kernel
def test_without_a_sandbox_there_is_a_warning(
    hw: Hw, course: Course, assignment: Assignment, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--no-sandbox works where there is no bubblewrap, and says every time what it means; without it nothing runs."""
    hw("release", "mini")
    hw("collect", "mini", str(hand_in("ada", PERFECT)))
    monkeypatch.setattr("shutil.which", lambda _: None)
    choose.isolating.cache_clear()  # a new `hw` would look again
    assert_says(hw("grade", "mini"), "bubblewrap is not installed")
    assert not list((course.build / "mini" / "execute").glob("*"))
    status, out, err = hw("grade", "mini", "--no-sandbox")
    assert (status, "graded" in out) == (0, True)
    assert "WARNING: no sandbox" in err
    assert pipeline.cards(course, assignment)[0].totals.earned == 2.0


@pytest.mark.kernel
def test_the_whole_line(hw: Hw, hand_in: HandIn) -> None:
    """Verb after verb: each says what it made, and the table knows every student."""
    hand_in("[bold]zoe", {})
    folder = hand_in("ada", PERFECT)
    assert "mini.ipynb" in hw("release", "mini")[1]
    assert "2 submissions" in hw("collect", "mini", str(folder))[1]
    status, out, err = hw("grade", "mini")
    assert (status, err) == (0, "")
    assert "graded     2 submissions" in out
    assert "WARNING" not in out
    for verb, said in (("feedback", "index.html"), ("export", "grades.csv")):
        status, out, err = hw(verb, "mini")
        assert (status, err) == (0, "")
        assert said in out.replace("\n", "")
    status, out, _ = hw("report", "mini")
    assert status == 0
    assert "ada" in out
    assert "bold" in out
    assert "what to type next" in out
    status, out, _ = hw("report", "mini", "--student", "ada")
    assert (status, "a_double_test" in out or "double test" in out) == (0, True)
    assert_says(hw("report", "mini", "--student", "adda"), "did you mean 'ada'?")


# ---- where submissions run, and where grades go ----


def test_a_share_is_a_share(hw: Hw, capsys: pytest.CaptureFixture[str]) -> None:
    """--shard 0/3, 4/3 and x are refused with an example."""
    for wrong in ("0/3", "4/3", "x", "1/0", "-1/3"):
        with pytest.raises(SystemExit) as caught:
            hw("grade", "mini", f"--shard={wrong}")
        assert caught.value.code == 2
        assert f"'{wrong}' is not a share such as 1/3" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["0", "-1", "two"])
def test_jobs_are_one_or_more(hw: Hw, capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    """None at the same time would be none at all."""
    with pytest.raises(SystemExit) as caught:
        hw("grade", "mini", "--jobs", wrong)
    assert caught.value.code == 2
    assert f"{wrong!r} is not a number of submissions such as 1 or 8" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "fix"), [(errno.ENOSPC, "make room on the disk"), (errno.EROFS, "set `build` in course.toml")])
def test_a_disk_that_is_full_or_read_only(hw: Hw, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, number: int, fix: str) -> None:
    """What was expected, what the system said of which file, and what to do; no traceback."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/somewhere/mini.ipynb")

    folder = str(hand_in("ada", PERFECT))
    monkeypatch.setattr("grading.files.write_bytes", refuse)
    monkeypatch.setattr("shutil.rmtree", refuse)
    monkeypatch.setattr("zipfile.ZipFile.extractall", refuse)
    for arguments in (("release", "mini"), ("collect", "mini", folder)):
        assert_says(hw(*arguments), "a file could not be read or written\n  expected: ")
        assert_says(hw(*arguments), f"got:      {os.strerror(number)}: /somewhere/mini.ipynb\n  fix:      {fix}")


def test_a_file_where_the_build_folder_should_be(hw: Hw, course: Course) -> None:
    """Said, with its name."""
    course.build.write_text("")
    assert_says(hw("release", "mini"), str(course.build))


def test_a_bug_keeps_its_traceback(hw: Hw, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of ours that is missing is nothing that a user could mend."""

    def broken(*_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "ours")

    monkeypatch.setattr("grading.release.release", broken)
    with pytest.raises(FileNotFoundError):
        hw("release", "mini")


@pytest.mark.kernel
def test_shards_and_another_gradebook(hw: Hw, course: Course, hand_in: HandIn) -> None:
    """`--shard` says what is next; `--db` is written instead of course.toml's, and read by the verbs that are given it."""
    hand_in("ada", PERFECT)
    hw("release", "mini")
    hw("collect", "mini", str(hand_in("bob", PERFECT)))
    for number in (1, 2):
        status, out, err = hw("grade", "mini", "--shard", f"{number}/2")
        assert (status, err) == (0, "")
        assert f"shard {number}/2, 1 submissions; when all shards are: hw grade mini" in out.replace("\n", " ")
    other = course.root / "other.db"
    status, out, _ = hw("grade", "mini", "--db", f"sqlite:///{other}")
    assert (status, "other.db" in out.replace("\n", "")) == (0, True)
    assert other.is_file()
    assert not Path(course.db.removeprefix("sqlite:///")).exists()
    with gradebook.opened(f"sqlite:///{other}") as book:
        book.find_comment("b_answer", "mini", "mini", "ada").manual_comment = "read by --db"
        book.db.commit()
    page = course.build / "mini" / "feedback" / "ada" / "mini.html"
    for verb in ("feedback", "report", "export"):  # what people gave is in the other one: better nothing than a table without it
        status, _, err = hw(verb, "mini")
        assert (status, "the gradebook does not know mini" in err, page.exists()) == (1, True, False)
    hw("feedback", "mini", "--db", f"sqlite:///{other}")
    assert "read by --db" in page.read_text()


@pytest.mark.kernel
def test_a_gradebook_that_is_not_there(hw: Hw, course: Course, hand_in: HandIn) -> None:
    """One message, no traceback, no password, and what was executed is kept."""
    hw("release", "mini")
    hw("collect", "mini", str(hand_in("ada", PERFECT)))
    status, _, err = hw("grade", "mini", "--db", f"postgresql://hw:sesame@/grades?host={course.root}")
    assert status == 1
    assert "the gradebook cannot be opened" in err
    assert "sesame" not in err
    assert len(list((course.build / "mini" / "execute").glob("*.json"))) == 1


def test_a_log_has_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no terminal, progress is a line every half minute, with an estimate from what really ran."""
    said, now = io.StringIO(), [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with progress.bar(Console(file=said, width=100), "grading mini") as advance:
        for done in range(1, 101):
            now[0] += 0.0 if done <= 40 else 12.0
            advance(Step(done, 100, "ada", cached=done <= 40))
    lines = said.getvalue().splitlines()
    assert lines[0] == "grading mini 43/100, about 11 min left"
    assert lines[1] == "grading mini 46/100, about 11 min left"
    assert len(lines) == 20


@pytest.mark.kernel
def test_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    """`hw doctor` needs no course: it says what it tried, and 0 means that everything was stopped."""
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "✓ cannot reach a server" in said
    assert "grading here uses this one" in said
    assert "were stopped at everything that was tried" in said.replace("\n", " ")
