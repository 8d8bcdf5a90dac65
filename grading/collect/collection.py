"""Folders and zips of submissions -> one clean folder and one Submission record per student.

A collection replaces the class by what the source holds now and says who is gone. Whatever one student handed in can
spoil that student's submission only, and then a note says how.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grading import display, records, supplies
from grading.collect import archive, layouts, names
from grading.collect.archive import Item
from grading.collect.choose import Beside, Picked, pick
from grading.collect.handed_in import RawSubmission, key
from grading.collect.work import releases
from grading.course import Course
from grading.files import write_text
from grading.records import Submission
from grading.settings import Assignment
from grading.workspace import Workspace

Picker = Callable[[Iterable[Item]], Picked]

# Not a full disk or a missing permission, but a name the disk does not take, or a file where another one needs a folder.
_NAME_FAULTS = {errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EILSEQ}


class CollectError(records.GradingError):
    """The source as a whole cannot be collected. Written for staff."""


@dataclass(frozen=True)
class Collected:
    """A class, as it lies in the build folder now.

    Attributes:
        submissions: sorted by student.
        gone: students of an earlier collection whom this source does not hold; their copies were removed.
        notes: what staff should know about the source itself.
    """

    submissions: tuple[Submission, ...]
    gone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def collect(source: Path, course: Course, assignment: Assignment) -> Collected:
    """Copy every submission of a folder or a zip to a folder of its own, and write a record of it.

    Args:
        source: a class: one folder, one zip or one platform file per student; nbgrader's and Gradescope's downloads.
        course: where the copies go, and the notebooks of other assignments, which students may hand in together with this one's.
            Nothing changes if the source turns out to be unreadable or empty.
        assignment: what was to be handed in.

    Raises:
        CollectError: the source cannot be read, holds no submission, or is the place the copies go to.
    """
    work, others = course.workspace(assignment), course.all_notebooks()
    handed_out = supplies.read(course, assignment)
    beside = Beside(frozenset(handed_out.given), frozenset(handed_out.students))
    picker = partial(pick, notebooks=assignment.notebooks, others=others, releases=releases(course, assignment), beside=beside)
    _refuse_overlap(source, work.collected)
    try:
        with archive.opened(source) as contents:
            name = source.resolve().name if source.is_dir() else source.stem
            layout = layouts.sort_out(contents.items, assignment.name, assignment.notebooks, name, others)
            if not layout.submissions:
                raise _empty(source)
            linked = _linked(layout.submissions)
            if linked and len(linked) == len(layout.submissions):
                raise _all_links(source, linked)
            students = _named(layout.submissions, work)
            with _whole(work):
                gone = _forget(work.collected, set(students))
                submissions = [_take(student, students[student], assignment, work, picker) for student in sorted(students)]
    except archive.Unreadable as problem:
        raise _unreadable(source, problem) from problem
    return Collected(tuple(submissions), gone, (*contents.notes, *layout.notes, *_links_note(linked, len(submissions))))


def submissions(work: Workspace) -> list[Submission]:
    """What was collected last.

    Raises:
        CollectError: nothing was, or not a whole class: students who were left out would seem to have handed in nothing.
    """
    if work.unfinished.exists():
        raise CollectError(
            f"the last collection of {work.assignment} was interrupted: students are missing",
            expected="a whole class",
            got=f"{work.unfinished}, which a collection removes at its end",
            fix=f"hw collect {work.assignment} FOLDER-OR-ZIP, and then grade",
        )
    found = [records.load(path, Submission) for path in sorted(work.collected.glob("*.json"))]
    if not found:
        raise CollectError(
            f"nothing was collected for {work.assignment}",
            expected=f"records in {work.collected}",
            got="none",
            fix=f"hw collect {work.assignment} FOLDER-OR-ZIP",
        )
    return found


@contextmanager
def _whole(work: Workspace) -> Iterator[None]:
    """Mark the class as incomplete until everything is there."""
    write_text(work.unfinished, "An interrupted collection: some students are missing. Collect again.\n")
    yield
    work.unfinished.unlink()


def _named(submissions: Iterable[RawSubmission], work: Workspace) -> dict[str, RawSubmission]:
    """Every hand-in under the name that its student has in this build folder."""
    by_key = {key(one.student): one for one in submissions}
    named = names.names(work.names, by_key)
    return {
        name: RawSubmission(name, by_key[raw].items, (*names.note(by_key[raw].student, name), *by_key[raw].notes))
        for raw, name in named.items()
    }


# ---- one student ----


def _take(student: str, raw: RawSubmission, assignment: Assignment, work: Workspace, picker: Picker) -> Submission:
    """Copy one student's files and write the record; no content of theirs makes it raise."""
    try:
        picked = picker(raw.items)
    except Exception as error:  # catch everything: one bad submission must not stop the class
        why = f"Could not be read at all ({type(error).__name__}): {display.line(str(error))}"
        picked = Picked(notes=(f"{why}.",), refused=dict.fromkeys(assignment.notebooks, why))
    folder, record = work.submission(student), work.submission_record(student)
    notes = [*raw.notes, *picked.notes]
    if not _holds(folder, picked.contents):
        record.unlink(missing_ok=True)  # a crash from here on leaves no record, never a record of other files
        notes += _replace(folder, picked.contents)
    present = _files(folder)
    submission = Submission(
        assignment=assignment.name,
        student=student,
        notebooks={key: name for key, name in picked.notebooks.items() if name in present},
        files=tuple(sorted(present.keys() - set(picked.notebooks.values()))),
        notes=tuple(notes),
        told=() if picked.refused else picked.notes,
        refused=picked.refused,
        handed_in=picked.when,
    )
    records.save(record, submission)
    return submission


def _holds(folder: Path, contents: dict[str, bytes]) -> bool:
    there = _files(folder)
    return (
        folder.is_dir()
        and there.keys() == contents.keys()
        and all(there[name].read_bytes() == data for name, data in contents.items())
    )


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}


def _replace(folder: Path, contents: dict[str, bytes]) -> list[str]:
    """Put new content in a student's folder: written aside first, then swapped in. Returns a note per file that failed."""
    aside = folder.with_name(f".{folder.name}.new")
    _remove(aside)
    aside.mkdir(parents=True)
    notes = []
    for name, data in contents.items():
        try:
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).write_bytes(data)
        except OSError as error:
            if error.errno not in _NAME_FAULTS:
                raise
            notes.append(f"{display.line(name, chars=80)} could not be written ({error.strerror}).")
    _remove(folder)
    aside.rename(folder)
    return notes


def _forget(target: Path, students: set[str]) -> tuple[str, ...]:
    """Remove every student who is not in the source any more, and what a killed run left. Returns who had a record."""
    if not target.is_dir():
        return ()
    known = {path.stem for path in target.glob("*.json") if not path.name.startswith(".")}
    for student in sorted(known - students):
        (target / f"{student}.json").unlink()
    keep = students | {f"{student}.json" for student in students}
    for path in [path for path in target.iterdir() if path.name not in keep]:
        _remove(path)
    return tuple(sorted(known - students))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# ---- links ----


def _linked(submissions: Iterable[RawSubmission]) -> list[str]:
    """The students of whom nothing came but links, which are not followed."""
    return [one.student for one in submissions if _only_links([item for item in one.items if not item.folder])]


def _only_links(files: list[Item]) -> bool:
    return bool(files) and (all(item.is_link for item in files) or _no_notebook_but_links(files))


def _no_notebook_but_links(files: list[Item]) -> bool:
    notebooks = [item for item in files if item.path.suffix == ".ipynb" and not item.is_checkpoint]
    return bool(notebooks) and all(item.is_link for item in notebooks)


def _links_note(linked: list[str], students: int) -> tuple[str, ...]:
    if not linked:
        return ()
    names = display.listed(linked)
    return (f"{len(linked)} of {students} hand-ins are links, which are not followed; copy what they point to: {names}.",)


# ---- messages ----


def _refuse_overlap(source: Path, target: Path) -> None:
    here, there = source.resolve(), target.resolve()
    if here == there or here in there.parents or there in here.parents:
        what = f"cannot collect from {source}: the copies would be written into the source"
        raise CollectError(what, expected=f"a source apart from {target}", got=here, fix="move the submissions")


def _unreadable(source: Path, problem: Exception) -> CollectError:
    return CollectError(
        f"cannot collect from {source}",
        expected="a folder of submissions, or a .zip of one",
        got=f"it {problem}" if source.exists() else "nothing is there",
        fix="check the path; unpack other kinds of archives first",
    )


def _all_links(source: Path, linked: list[str]) -> CollectError:
    return CollectError(
        f"{source} holds nothing but links",
        expected="the students' files themselves",
        got=f"{len(linked)} hand-ins that are links, which are not followed; earlier copies were left alone",
        fix=f"copy what they point to, and collect that: cp -rL {display.line(str(source))} COPY && hw collect … COPY",
    )


def _empty(source: Path) -> CollectError:
    return CollectError(
        f"{source} holds no submission",
        expected="<student>/<notebook>.ipynb, one zip per student, or the download of a platform (docs/tas.md lists them)",
        got="no folder and no file that could belong to a student; earlier copies were left alone",
        fix="pass the folder that holds the students' folders",
    )
