"""Whose file is whose: the shapes in which a class's work arrives, told apart by names alone.

Understood: one folder or one zip per student, nbgrader's folders, Moodle's and Brightspace's, flat downloads (Blackboard and
nbgrader's zip_collect, Canvas, Moodle), Gradescope's export: the table in docs/tas.md. No student's file may change how another
student's work is read, and every file that is left out is named in a note.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from grading import display
from grading.collect import brightspace, flat_downloads, gradescope, times
from grading.collect.archive import Item
from grading.collect.flat_downloads import Flat
from grading.collect.handed_in import RawSubmission, SortedClass, one_each
from grading.deadline import HandedIn

_MOODLE = re.compile(r"(?i)_assignsubmission_(file|onlinetext)_?$")
_STRAY_LINKS = frozenset({".md", ".txt", ".json", ".py", ".yml", ".csv", ".zip", ".ipynb", ".pdf"})


def sort_out(
    items: Iterable[Item], assignment: str, notebooks: tuple[str, ...], name: str, others: Collection[str] = ()
) -> SortedClass:
    """Tell the students of a source apart.

    Args:
        items: the files of the source.
        assignment: the assignment's name; a folder of this name inside a student's folder is the one that counts.
        notebooks: the assignment's notebooks, to recognise a source that is itself one submission.
        name: what the source is called, without its ending.
        others: the notebooks of the course's other assignments, which tell a single submission as well as this one's.
    """
    files = [brightspace.in_folders(item) for item in items]
    export = gradescope.depth_of(files)
    if export is not None:
        return gradescope.sort_out([item.without_prefix(export) for item in files if len(item.path.parts) > export])
    files = _unwrapped(files, {"submitted", assignment.casefold(), name.casefold()}, assignment)
    top = [item for item in files if len(item.path.parts) == 1 and not item.folder]
    if _is_one_submission(files, top, {*notebooks, *others}):
        return SortedClass((RawSubmission(name, tuple(files), ("The source is one submission; it is named after the source.",)),))
    classroom = times.of_classroom(top)
    if classroom:
        files = [replace(item, when=classroom.get(item.path.parts[0], item.when)) for item in files]
        top = [item for item in top if item.path.suffix.lower() != ".csv"]
    folders, loose = _folders(files, assignment), _loose(top, assignment, notebooks)
    if not folders and not loose.submissions:
        loose = _named_by_files(top)
    stray = [item for item in files if item.is_checkpoint and len(item.path.parts) == 2]
    notes = (*loose.notes, *_left_out(stray), *_doubts(folders, notebooks))
    return SortedClass(one_each([*folders, *loose.submissions]), notes)


def _is_notebook(item: Item) -> bool:
    """Whether a file tells where students' work lies: a notebook, and none of the copies that Jupyter made."""
    return item.path.suffix == ".ipynb" and not item.is_checkpoint


# ---- one folder per student ----


def _folders(files: list[Item], assignment: str) -> list[RawSubmission]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in files:
        top = item.path.parts[0]
        if item.is_checkpoint and len(item.path.parts) == 2:
            continue  # somebody opened notebooks of the staff's beside the class
        if _deep(item) or item.is_link:
            by_moodle = replace(item, when=HandedIn(by="Moodle")) if _MOODLE.search(top) else item
            found[_MOODLE.sub("", top) or top].append(by_moodle)  # Moodle makes a folder for files and another one for text
    return brightspace.merged(
        {student: _folder(student, items, assignment) for student, items in found.items() if _names_a_student(student, items)}
    )


def _names_a_student(name: str, items: list[Item]) -> bool:
    """A link at the top of a class counts as a student when it looks like a folder, not when it is a stray file."""
    one = items[0]
    return len(items) > 1 or one.folder or len(one.path.parts) > 1 or PurePosixPath(name).suffix not in _STRAY_LINKS


def _folder(name: str, items: list[Item], assignment: str) -> RawSubmission:
    if len(items) == 1 and len(items[0].path.parts) == 1 and items[0].trouble:
        return RawSubmission(name, tuple(items))
    inside = [item.without_prefix(1) for item in items if len(item.path.parts) > 1]
    ours = [item for item in inside if item.path.parts[0] == assignment and _deep(item)]
    only_folders = all(_deep(item) for item in inside)
    if ours and (only_folders or any(item.path.suffix == ".ipynb" for item in ours)):
        beside = [item for item in inside if not _deep(item)]
        mine = times.by_timestamp(item.without_prefix(1) for item in ours if len(item.path.parts) > 1)
        return RawSubmission(name, tuple(mine), _beside(beside, assignment))
    if only_folders and any(item.path.parts[1:] == ("timestamp.txt",) for item in inside):
        return RawSubmission(name, (), (f"Handed in other assignments, but not {assignment}.",))
    return RawSubmission(name, tuple(inside))


def _beside(items: list[Item], assignment: str) -> tuple[str, ...]:
    names = display.listed(str(item.path) for item in items)
    return (f"Left out, because beside it is a folder {assignment}: {names}.",) if items else ()


def _doubts(folders: list[RawSubmission], notebooks: tuple[str, ...]) -> list[str]:
    """Folders that may hold several students: the same notebook lies in several folders of it, and not beside them."""
    notes = []
    for one in folders:
        for name in (f"{notebook}.ipynb" for notebook in notebooks):
            places = sorted(str(item.path.parent) for item in one.items if item.path.name == name and not item.folder)
            if len(places) > 1 and "." not in places:
                where = ", ".join(display.line(place, chars=60) for place in places[:3])
                who = display.line(one.student, chars=60)
                notes.append(f"{who} has {len(places)} files {name} ({where}): is it one student, or several?")
    return notes[:5]


def _deep(item: Item) -> bool:
    return item.folder or len(item.path.parts) > 1


def _unwrapped(files: list[Item], wrappers: set[str], assignment: str) -> list[Item]:
    """The files without the folders that only wrap the whole class."""
    while inner := _peeled(files):
        wrapper = files[0].path.parts[0].casefold() in wrappers
        if not (wrapper or _is_class(inner, assignment) or _hides_a_class(inner, assignment)):
            break
        files = inner
    return files


def _peeled(files: list[Item]) -> list[Item]:
    """What lies in the only folder; nothing if there is more than one folder."""
    if len({item.path.parts[0] for item in files}) != 1 or not all(_deep(item) for item in files):
        return []
    return [item.without_prefix(1) for item in files if len(item.path.parts) > 1]


def _hides_a_class(files: list[Item], assignment: str) -> bool:
    """Whether folders in folders lead to a class. One student's work may lie deep too, so the same notebook must be there twice."""
    while (files := _peeled(files)) and files[0].path.parts[0] != assignment:
        if _is_class(files, assignment):
            tops = {(item.path.name, item.path.parts[0]) for item in files if _is_notebook(item) or item.path.suffix == ".zip"}
            return len({name for name, _ in tops}) < len(tops) or any(
                len(item.path.parts) == 1 for item in files if not item.folder
            )
    return False


def _is_class(files: list[Item], assignment: str) -> bool:
    if any(item.path.parts[0] == assignment for item in files):
        return False
    with_notebook = {item.path.parts[0] for item in files if len(item.path.parts) > 1 and _is_notebook(item)}
    top = [item.path.name for item in files if len(item.path.parts) == 1 and not item.folder]
    zips = sum(name.lower().endswith(".zip") for name in top)
    by_platform = any(flat_downloads.belongs(name, assignment) for name in top)
    return by_platform or len(with_notebook) > 1 or zips > 1 or any(brightspace.of_folder(item.path.parts[0]) for item in files)


def _is_one_submission(files: list[Item], top: list[Item], notebooks: set[str]) -> bool:
    if any(len(item.path.parts) > 1 and _is_notebook(item) for item in files):
        return False
    return any(item.path.name in {f"{notebook}.ipynb" for notebook in notebooks} for item in top)


# ---- loose files: one zip or one notebook per student, platform downloads ----


def _loose(top: list[Item], assignment: str, notebooks: tuple[str, ...]) -> SortedClass:
    found: dict[str, list[Flat]] = defaultdict(list)
    strays: list[Item] = []
    receipts: list[Item] = []
    for item in top:
        flat = flat_downloads.of(item, assignment)
        if flat is not None:
            found[flat.student].append(flat)
        elif item.path.suffix.lower() == ".zip":
            found[item.path.stem].append(Flat(item.path.stem, item, item.path.name))
        elif flat_downloads.is_receipt(item.path.name):
            receipts.append(item)
        elif not _names_a_student(item.path.name, [item]) or not item.is_link:
            strays.append(item)
    notes = _left_out(strays)
    if receipts:
        notes += (f"The platform's own receipts were left out: {display.listed((item.path.name for item in receipts), most=3)}.",)
    return SortedClass(tuple(flat_downloads.one_student(several, notebooks) for several in found.values()), notes)


def _left_out(items: list[Item]) -> tuple[str, ...]:
    names = display.listed(str(item.path) for item in items)
    return (f"Belongs to no student, left out: {names}.",) if items else ()


def _named_by_files(top: list[Item]) -> SortedClass:
    """A notebook per student and no folder; what begins with its name (a record, weights) goes with it."""
    submissions, rest = [], list(top)
    for item in [item for item in top if item.path.suffix == ".ipynb"]:
        mine = [other for other in rest if other is item or other.path.name.startswith(f"{item.path.stem}.")]
        rest = [other for other in rest if other not in mine]
        note = "A notebook without a folder; the student is named after the file."
        submissions.append(RawSubmission(item.path.stem, tuple(mine), (note,)))
    return SortedClass(tuple(submissions), _left_out(rest))
