"""Source notebooks and hw_lib -> what students get, audited before it appears. Knows nothing of submissions.

The hand-out is made in a scratch folder, searched for leaks, and only then moved to build/<assignment>/release.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grading import editions, mark, secret, versions
from grading import notebook as nb
from grading.course import Course
from grading.release import webpage
from grading.release.audit import ReleaseError, audit, secret_lines
from grading.release.student_build import build_wheel, digest, graded_build, student_build, tell
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


def release(course: Course, assignment: Assignment) -> Release:
    """Make the student release of one assignment.

    Raises:
        ReleaseError: a source notebook breaks a rule, or the audit found a leak; the old release stays as it was.
    """
    work = course.workspace(assignment)
    work.folder.mkdir(parents=True, exist_ok=True)
    kept = secret.read_or_make(work.secret)
    with tempfile.TemporaryDirectory(dir=work.folder, prefix=".release-") as scratch:
        sources = read_all(course, assignment)
        _refuse_rubrics(sources)
        names = _make(course, assignment, sources, Path(scratch), kept)
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


def _make(course: Course, assignment: Assignment, sources: Iterable[Source], scratch: Path, kept: str) -> tuple[str, ...]:
    """Build everything below `scratch`, audit it, for the secret that is kept too, and return the file names of the hand-out."""
    folder = scratch / "release"
    folder.mkdir()
    removed: list[str] = []
    library = digest(course.library)
    for source in sources:
        removed += source.removed
        student = editions.stamped(goes_on(source.student), told(course, assignment, source, library))
        (folder / f"{source.name}.ipynb").write_text(nb.dump(student), encoding="utf-8")
    if course.readme is not None:
        (folder / README).write_text(webpage.document(_text(course.readme), assignment.title), encoding="utf-8")
    build = scratch / "build"
    removed += student_build(course.library, assignment, build)
    tell(build, versions.told(course), library)
    wheel = build_wheel(course.library, build, folder)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(scratch / "student_build")
    graded_build(scratch / "student_build", assignment, scratch / "graded_build")
    files = tuple(sorted(path.name for path in folder.iterdir()))
    audit(folder, assignment, secret_lines(removed, assignment.audit_allow) | {kept}, {*files})
    _zip(scratch / "release.zip", ((assignment.name, path) for path in sorted(folder.iterdir())))
    return files


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
    _zip(target, ((f"{homework}/{work.assignment}", path) for work in works for path in sorted(work.release.iterdir())))
    return target


def _zip(target: Path, files: Iterable[tuple[str, Path]]) -> None:
    """One archive of files in folders, with a fixed date, so that the same release is the same file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for folder, path in files:
            packed.writestr(zipfile.ZipInfo(f"{folder}/{path.name}", _DATE), path.read_bytes())
