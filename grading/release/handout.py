"""Source notebooks and hw_lib -> what students get, audited before it appears. Knows nothing of submissions.

The hand-out is made in a scratch folder, searched for leaks, and only then moved to build/<assignment>/release.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grading import display, editions, mark, secret, supplies, versions
from grading import notebook as nb
from grading.course import Course
from grading.files import write_bytes
from grading.release import webpage
from grading.release.audit import ReleaseError, audit, secret_lines
from grading.release.student_build import build_wheel, digest, graded_build, student_build, tell
from grading.release.taken import Taken, of_source
from grading.release.told import goes_on, told
from grading.settings import Assignment
from grading.source import Source, read_all

README = "README.html"
_DATE = (2020, 1, 1, 0, 0, 0)  # in archives, so that the same release is the same file


@dataclass(frozen=True)
class Release:
    """What was made.

    Attributes:
        folder: what a student gets, notebooks and wheel.
        archive: the same as one zip file.
        student_build: the unpacked wheel.
        graded_build: the same without what students do not have while they are graded; the sandbox mounts it.
        files: names in `folder`.
    """

    folder: Path
    archive: Path
    student_build: Path
    graded_build: Path
    files: tuple[str, ...]


def release(course: Course, assignment: Assignment, prove: Callable[[Path], object] = lambda _: None) -> Release:
    """Make the student release of one assignment.

    Args:
        course: where the sources lie, and the build folder.
        assignment: what is released.
        prove: what else has to hold before anything appears: called with the folder of hw_lib as it is while work is graded.

    Raises:
        ReleaseError: a source notebook breaks a rule, or the audit found a leak; the old release stays as it was, as it does when
            `prove` raises.
    """
    work = course.workspace(assignment)
    work.folder.mkdir(parents=True, exist_ok=True)
    kept = secret.read_or_make(work.secret)
    with tempfile.TemporaryDirectory(dir=work.folder, prefix=".release-") as scratch:
        sources = read_all(course, assignment)
        _refuse_rubrics(sources)
        names = _make(course, assignment, sources, Path(scratch), kept)
        prove(Path(scratch) / work.graded_build.name)
        work.archive.unlink(missing_ok=True)  # whoever ends this in the middle finds no zip, not an old one
        work.leaks.unlink(missing_ok=True)
        for target in (work.release, work.student_build, work.graded_build):
            shutil.rmtree(target, ignore_errors=True)
            (Path(scratch) / target.name).rename(target)
        (Path(scratch) / "release.zip").replace(work.archive)
    for source in sources:
        editions.keep(work, source.name, source.student)
    return Release(work.release, work.archive, work.student_build, work.graded_build, names)


def _refuse_rubrics(sources: Iterable[Source]) -> None:
    """A question whose items do not add up could be read by nobody; after the release it would be too late."""
    problems = [problem for source in sources for problem in mark.problems(source.notebook["cells"], source.name)]
    if problems:
        raise ReleaseError(f"{len(problems)} rubric(s) cannot be used", got="\n".join(problems), fix="mend them in the source")


def _refuse_missing_pictures(sources: Iterable[Source], beside: Iterable[str]) -> None:
    """A picture that only the author sees."""
    names = [*beside]
    found = [f"{one.name}.ipynb, {said}" for one in sources for said in supplies.missing_pictures(one.student, names)]
    if found:
        fix = "name it under `files` of the assignment in course.toml, or paste it into the cell"
        raise ReleaseError(f"{len(found)} picture(s) would be missing from the hand-out", got="\n".join(found), fix=fix)


def _make(course: Course, assignment: Assignment, sources: Sequence[Source], scratch: Path, kept: str) -> tuple[str, ...]:
    """Build everything below `scratch`, audit it, for the secret that is kept too, and return the file names of the hand-out."""
    folder = scratch / "release"
    folder.mkdir()
    removed: list[str] = []
    taken: list[Taken] = []
    of_today = digest(course.library)
    for source in sources:
        removed += source.removed
        taken += of_source(source)
        student = editions.stamped(goes_on(source.student), told(course, assignment, source, of_today))
        (folder / f"{source.name}.ipynb").write_text(nb.dump(student), encoding="utf-8")
    if course.readme is not None:
        (folder / README).write_text(webpage.document(_text(course.readme), assignment.title), encoding="utf-8")
    beside = supplies.read(course, assignment)
    removed += beside.removed
    for name, data in beside.handed_out.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    _refuse_missing_pictures(sources, beside.handed_out)
    build = scratch / "build"
    library = student_build(course.library, assignment, build)
    removed += (line for one in library for line in one.lines if one.place in assignment.strip)  # others': in their own release
    tell(build, versions.told(course), of_today)
    needed = _needs_hw_lib(course, sources, beside.handed_out.values())
    wheel = build_wheel(course.library, build, folder if needed else scratch)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(scratch / "student_build")
    graded_build(scratch / "student_build", assignment, scratch / "graded_build")
    files = tuple(_files(folder))
    secrets = secret_lines(removed, assignment.audit_allow) | {kept}
    audit(folder, assignment, secrets, {*files}, [*taken, *library])
    _zip(scratch / "release.zip", ((f"{assignment.name}/{name}", path) for name, path in _files(folder).items()))
    return files


def _needs_hw_lib(course: Course, sources: Iterable[Source], files: Iterable[bytes]) -> bool:
    """Whether students need the wheel: of a course without an hw_lib of its own only where something mentions it."""
    said = any("hw_lib" in cell["source"] for source in sources for cell in source.student["cells"])
    return course.library == course.root or said or any(b"hw_lib" in data for data in files)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            "the text for students cannot be read", expected=str(path), got=str(error), fix="see `readme` in course.toml"
        ) from None


def bundle(course: Course, homework: str) -> Path:
    """One archive with the hand-outs of all assignments of a homework, each in its folder; they must have been released."""
    works = [course.workspace(assignment) for assignment in course.named(homework)]
    target = works[0].bundle(homework)
    handed_out = ((work.assignment, name, path) for work in works for name, path in _files(work.release).items())
    _zip(target, ((f"{homework}/{assignment}/{name}", path) for assignment, name, path in handed_out))
    return target


def standing(course: Course, assignment: Assignment, *, own: bool) -> list[str]:
    """What to say of archives that were made earlier and lie there still: nothing of today is in them.

    Args:
        course: where they lie.
        assignment: whose archives.
        own: its own hand-out too, not only those of homeworks that it is part of.
    """
    work = course.workspace(assignment)
    mine = [name for name, notebooks in course.homeworks.items() if any(one.startswith(f"{assignment.name}/") for one in notebooks)]
    archives = {work.archive: assignment.name} if own else {}
    archives |= {work.bundle(name): name for name in mine}
    return [
        f"{display.path(path)} is still that of {_moment(path)}; `{display.program()} release {name}` makes it anew"
        for path, name in archives.items()
        if path.is_file()
    ]


def _moment(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")


def _zip(target: Path, files: Iterable[tuple[str, Path]]) -> None:
    """One archive of files by their names in it, with a fixed date: the same release is the same file; whole, or not there."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in files:
            packed.writestr(zipfile.ZipInfo(name, _DATE), path.read_bytes())
    write_bytes(target, whole.getvalue())


def _files(folder: Path) -> dict[str, Path]:
    """The files of a hand-out by their names in it."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
