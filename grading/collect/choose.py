"""Which files of one hand-in are kept, and under which names: notebooks, their records, small files beside them.

What is left out is named in a note, whatever the reason, but for what a platform or Jupyter put there.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from grading.collect.archive import Item
from grading.collect.notebooks import Search, is_named, meant, words
from grading.collect.submission_files import SubmissionFiles, listed, shown
from grading.collect.times import latest
from grading.collect.work import Releases
from grading.deadline import NOT_SAID, HandedIn

_KEPT = frozenset({".py", ".json", ".npz", ".npy", ".csv", ".pt", ".pth", ".png", ".jpg", ".jpeg"})
_TRAINED = frozenset({".npz", ".npy", ".pt", ".pth"})
# what a notebook may be packed in: one that cannot be opened is for a person, not a notebook that was never handed in
_PACKED = frozenset({"", ".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"})
_SILENT = frozenset({"expected.json", "timestamp.txt", "submission_metadata.yml", "metadata.yml"})
_RESULTS = "results"


@dataclass(frozen=True)
class Picked:
    """The files to keep, by their new names relative to the student's folder.

    Attributes:
        contents: new name -> bytes, the notebooks included.
        notebooks: notebook -> its new name; a notebook that is missing here was not handed in, or could not be read.
        notes: one sentence each.
        refused: notebook -> why what was handed in for it cannot be kept; a notebook in neither was not handed in.
        when: when the last of the notebooks that count was handed in.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    when: HandedIn = NOT_SAID


@dataclass(frozen=True)
class Beside:
    """Names of files that were handed out: the author's, which are graded whatever comes back, and those that students change."""

    given: frozenset[str] = frozenset()
    students: frozenset[str] = frozenset()


def pick(
    items: Iterable[Item],
    notebooks: tuple[str, ...],
    others: Collection[str] = (),
    releases: Releases | None = None,
    beside: Beside | None = None,
) -> Picked:
    """Choose what is kept of one hand-in.

    Args:
        items: what came from one student.
        notebooks: the assignment's notebooks.
        others: the notebooks of other assignments, which may be handed in together: a file of that name is theirs.
        releases: the notebooks as students got them; without one, its files are told apart by their names alone.
        beside: the files that were handed out with them.
    """
    theirs = {name.casefold() for name in others} - {name.casefold() for name in notebooks}
    search = Search((item for item in items if not item.folder), notebooks, theirs, releases or {})
    files = [item for item in search.files if not item.is_checkpoint]
    kept = SubmissionFiles([])
    homes = search.take(kept)
    root = min(homes.values(), key=lambda path: len(path.parts), default=PurePosixPath())
    for notebook in notebooks:
        _take_results(kept, files, notebook, notebooks, homes.get(notebook, root))
        _take_companions(kept, files, notebook, homes.get(notebook, root))
    rest = [item for item in files if item.path not in kept.seen]
    near = [item for item in rest if _is_below(item, root)]
    _take_others(kept, near, root, beside or Beside())
    _say_what_lies_elsewhere(kept, [item for item in rest if not _is_below(item, root)])
    locked = next((_why_locked(item) for item in files if _may_hold_one(item)), "")
    for notebook in search.blank() if locked else ():
        kept.drop(notebook, f"{notebook}.ipynb", locked)
    missing = [notebook for notebook in notebooks if notebook not in kept.notebooks]
    refused = {notebook: why for notebook in missing if (why := kept.refused.get(f"{notebook}.ipynb", locked))}
    given = {str(root / name) for name in beside.given} if beside else set()
    came = [item for item in files if item.path.name not in _SILENT and not _in_library(item) and str(item.path) not in given]
    _say_what_came(kept, came, [notebook for notebook in missing if notebook not in refused], notebooks)
    _say_what_else(kept, [item for item in came if not is_named(item) and not _is_evidence(item, notebooks)], search)
    kept.close()
    counted = [kept.when[name] for name in kept.notebooks.values()]
    return Picked(kept.contents, kept.notebooks, tuple(kept.notes), refused, latest(counted or kept.when.values()))


def _may_hold_one(item: Item) -> bool:
    """Whether a notebook may be in there that nobody here can see: an archive, or a folder that is closed or a link."""
    suffix = item.path.suffix.lower()
    return suffix in _PACKED and (suffix != "" or bool(item.trouble))


def _why_locked(item: Item) -> str:
    return f"{shown(item)} {item.trouble or 'was not unpacked'}"


# ---- everything else ----


def _is_below(item: Item, root: PurePosixPath) -> bool:
    """Whether a file lies in a folder, or in one of its folders."""
    return item.path.parts[: len(root.parts)] == root.parts


def _take_results(kept: SubmissionFiles, files: list[Item], notebook: str, notebooks: tuple[str, ...], home: PurePosixPath) -> None:
    """Keep the record of a notebook under its own name, wherever it lies and also when a browser numbered it."""
    name = f"{notebook}.results.json"

    def rank(item: Item) -> tuple[int, bool, int, int, str]:
        return item.attempt, item.path.name != name, _steps(item.path.parent, home), -item.modified, str(item.path)

    fitting = sorted((item for item in files if _is_record(item, notebook, notebooks)), key=rank)
    for item in fitting:
        if kept.add(item, name):
            same = [one for one in fitting if one.path.name == name and one is not item]
            if same and item.path.name == name and item.path.parent != home:
                why = f"because it is nearest to the notebook; left out: {listed(same)}"
                kept.note(f"{1 + len(same)} files are called {name}; {shown(item)} was taken, {why}.")
                kept.seen |= {one.path for one in same}
            else:
                _say_where(kept, item, name, home)
            break


def _is_record(item: Item, notebook: str, notebooks: tuple[str, ...]) -> bool:
    if _in_library(item) or not item.path.name.lower().endswith(".json"):
        return False
    if item.path.name == f"{notebook}.results.json":
        return True
    return meant(item.path.stem, notebooks) == notebook and _RESULTS in words(item.path.stem)


def _is_evidence(item: Item, notebooks: tuple[str, ...]) -> bool:
    """Whether it is a record or trained weights, which are no answers."""
    return item.path.suffix.lower() in _TRAINED or any(_is_record(item, notebook, notebooks) for notebook in notebooks)


def _steps(one: PurePosixPath, other: PurePosixPath) -> int:
    """How many folders one goes up and down from one to the other."""
    shared = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one.parts, other.parts, strict=False)))
    return len(one.parts) + len(other.parts) - 2 * shared


def _take_companions(kept: SubmissionFiles, files: list[Item], notebook: str, home: PurePosixPath) -> None:
    """What is the notebook's by its name (trained weights) is put beside it, wherever it lies; the nearest of each name."""
    fitting = [item for item in files if item.path.name.startswith(f"{notebook}.") and not _in_library(item)]
    for item in sorted(fitting, key=lambda item: (_steps(item.path.parent, home), str(item.path))):
        name, suffix = item.path.name, item.path.suffix.lower()
        if suffix not in _KEPT - {".py"} or _RESULTS in words(item.path.stem) or name in kept.contents:
            continue
        if kept.add(item, name):
            _say_where(kept, item, name, home)


def _say_where(kept: SubmissionFiles, item: Item, name: str, home: PurePosixPath) -> None:
    if item.path.name != name:
        kept.note(f"{shown(item)} was taken as {name}.")
    elif item.path.parent != home:
        kept.note(f"{shown(item)} was taken, though it lies in another folder than the notebook.")


def _in_library(item: Item) -> bool:
    return any(part.startswith("hw_lib") for part in item.path.parts)


def _take_others(kept: SubmissionFiles, files: list[Item], root: PurePosixPath, beside: Beside) -> None:
    """Keep what lies in the folder of the notebooks, or below it, and is of a kind that may be used."""
    others: list[Item] = []
    library = False
    for item in sorted(files, key=lambda item: (item.attempt, len(item.path.parts), str(item.path))):
        name, inside = item.path.name, str(item.path.relative_to(root))
        if _in_library(item):
            library = True
        elif inside in beside.given or is_named(item) or name in _SILENT:
            continue
        elif item.trouble or item.path.suffix.lower() in _KEPT or inside in beside.students:
            kept.add(item, inside)
        else:
            others.append(item)
    if library:
        kept.note("A copy of hw_lib was handed in too and left out: the course's own is used.")
    if others:
        kept.note(f"Files of other kinds were left out: {listed(others)}.")


def _say_what_lies_elsewhere(kept: SubmissionFiles, files: list[Item]) -> None:
    left = [item for item in files if not is_named(item) and item.path.name not in _SILENT and not _in_library(item)]
    if left:
        kept.note(f"Left out, because they lie outside of the folder of the notebook: {listed(left)}.")


def _say_what_came(kept: SubmissionFiles, files: list[Item], missing: list[str], notebooks: tuple[str, ...]) -> None:
    """A notebook saved as a script or a page is no notebook, but whoever handed it in did not hand in nothing."""
    if files and len(missing) == len(notebooks):
        kept.note(f"No notebook was handed in; what came: {listed(files)}.")
        return
    for notebook in missing:
        came = [
            item for item in files if meant(item.path.stem, notebooks) == notebook and not _is_record(item, notebook, notebooks)
        ]
        if came:
            kept.note(f"{notebook}.ipynb was not handed in; what came: {listed(came)}.")


def _say_what_else(kept: SubmissionFiles, files: list[Item], search: Search) -> None:
    """Beside a notebook that nobody wrote in, another file may be the work."""
    for notebook in search.blank() if files else ():
        if notebook in kept.notebooks:
            kept.note(f"{notebook}.ipynb is as it was given out; what came with it: {listed(files)}.")
