"""Which files of one hand-in are kept, and under which names: notebooks, their records, small files beside them.

Chooses by names, dates and sizes; what is left out for a reason is said in a note. Never opens a notebook.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from grading.collect import archive
from grading.collect.archive import Item, Unreadable
from grading.collect.submission_files import SubmissionFiles, listed, shown

_NESTED_BYTES = 100_000_000  # a zip inside the source, still packed

_NOTEBOOK = re.compile(r"(?i)(.*)\.ipynb(\.json|\.txt)?")  # some browsers add the second ending
_KEPT = frozenset({".py", ".json", ".npz", ".npy", ".csv", ".pt", ".pth", ".png", ".jpg", ".jpeg"})
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
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)


def pick(items: Iterable[Item], notebooks: tuple[str, ...], others: Collection[str] = ()) -> Picked:
    """Choose what is kept of one hand-in.

    Args:
        items: what came from one student.
        notebooks: the assignment's notebooks.
        others: the notebooks of other assignments, which may be handed in together: a file of that name is theirs.
    """
    files, notes = _unpacked([item for item in items if not item.folder])
    theirs = {name.casefold() for name in others} - {name.casefold() for name in notebooks}
    files = [item for item in files if not _is_notebook_of(item, theirs)]
    kept = SubmissionFiles(notes)
    homes = _take_notebooks(kept, files, notebooks)
    root = min(homes.values(), key=lambda path: len(path.parts), default=PurePosixPath())
    for notebook in notebooks:
        _take_results(kept, files, notebook, notebooks, homes.get(notebook, root))
        _take_companions(kept, files, notebook, homes.get(notebook, root))
    near = [item for item in files if item.path.parts[: len(root.parts)] == root.parts and item.path not in kept.seen]
    _take_others(kept, [item.without_prefix(len(root.parts)) for item in near])
    missing = [notebook for notebook in notebooks if notebook not in kept.notebooks]
    locked = next((_why_locked(item) for item in files if _may_hold_one(item)), "")
    refused = {notebook: why for notebook in missing if (why := kept.refused.get(f"{notebook}.ipynb", locked))}
    _say_what_came(kept, files, [notebook for notebook in missing if notebook not in refused], notebooks)
    return Picked(kept.contents, kept.notebooks, tuple(kept.notes), refused)


def _is_notebook_of(item: Item, names: set[str]) -> bool:
    match = _NOTEBOOK.fullmatch(item.path.name)
    return match is not None and match[1].casefold() in names


def _may_hold_one(item: Item) -> bool:
    """Whether a notebook may be in there that nobody here can see: an archive, or a folder that is closed or a link."""
    suffix = item.path.suffix.lower()
    return suffix in _PACKED and (suffix != "" or bool(item.trouble))


def _why_locked(item: Item) -> str:
    return f"{shown(item)} {item.trouble or 'was not unpacked'}"


def _unpacked(files: list[Item]) -> tuple[list[Item], list[str]]:
    """The files, or, when the hand-in has no notebook but a zip, the files of the zip."""
    zips = [item for item in files if item.path.suffix.lower() == ".zip"]
    if not zips or any(_NOTEBOOK.fullmatch(item.path.name) for item in files):
        return files, []
    found = [item for item in files if item not in zips]
    notes: list[str] = []
    for item in zips:
        try:
            contents = archive.of_zip(io.BytesIO(item.read(_NESTED_BYTES)))
        except Unreadable as problem:
            found.append(replace(item, trouble=str(problem)))
            continue
        found += [inner for inner in contents.items if not inner.folder]
        notes += contents.notes
    return found, notes


# ---- notebooks ----


def _take_notebooks(kept: SubmissionFiles, files: list[Item], notebooks: tuple[str, ...]) -> dict[str, PurePosixPath]:
    """Keep the notebooks; returns the folder that each of them lay in."""
    candidates: dict[str, list[Item]] = {notebook: [] for notebook in notebooks}
    strangers: list[Item] = []
    for item in files:
        match = _NOTEBOOK.fullmatch(item.path.name)
        if match:
            home = _meant(match[1], notebooks)
            candidates.get(home, strangers).append(item)
    missing = [notebook for notebook in notebooks if not candidates[notebook]]
    if len(missing) == 1 and strangers:  # whatever it is called: better a note than a zero
        candidates[missing[0]] = strangers
    elif strangers:
        kept.note(f"Left out, because the name fits no notebook of the assignment: {listed(strangers)}.")
    chosen = {notebook: _choose_one(kept, notebook, candidates[notebook]) for notebook in notebooks}
    return {notebook: item.path.parent for notebook, item in chosen.items() if item is not None}


def _choose_one(kept: SubmissionFiles, notebook: str, candidates: list[Item]) -> Item | None:
    name = f"{notebook}.ipynb"

    def rank(item: Item) -> tuple[bool, int, int, str]:
        exact = item.path.name == name
        return not exact, len(item.path.parts) if exact else 0, -item.modified, str(item.path)

    for item in sorted(candidates, key=rank):
        if kept.add(item, name):
            kept.notebooks[notebook] = name
            _note_choice(kept, item, name, len(candidates))
            return item
    return None


def _note_choice(kept: SubmissionFiles, item: Item, name: str, count: int) -> None:
    exact = item.path.name == name
    if count > 1:
        why = "it has the right name" if exact else "it is the newest"
        kept.note(f"{count} files could be {name}; {shown(item)} was taken, because {why}.")
    elif not exact:
        kept.note(f"{shown(item)} was taken as {name}.")


def _meant(stem: str, notebooks: tuple[str, ...]) -> str:
    """The notebook whose name stands in this one, whatever a browser or a platform put around it; the longest if several."""
    words = f"_{_words(stem)}_"
    fitting = [notebook for notebook in notebooks if f"_{_words(notebook)}_" in words]
    return max(fitting, key=len, default="")


def _words(text: str) -> str:
    return re.sub(r"[^a-z0-9]+|(?<=[a-z])(?=copy\d*$)", "_", text.casefold()).strip("_")


# ---- everything else ----


def _take_results(kept: SubmissionFiles, files: list[Item], notebook: str, notebooks: tuple[str, ...], home: PurePosixPath) -> None:
    """Keep the record of a notebook under its own name, wherever it lies and also when a browser numbered it."""
    name = f"{notebook}.results.json"

    def rank(item: Item) -> tuple[bool, int, int, str]:
        return item.path.name != name, _steps(item.path.parent, home), -item.modified, str(item.path)

    fitting = sorted((item for item in files if _is_record(item, notebook, notebooks)), key=rank)
    for item in fitting:
        if kept.add(item, name):
            exact = sum(one.path.name == name for one in fitting)
            if exact > 1 and item.path.name == name and item.path.parent != home:
                kept.note(f"{exact} files are called {name}; {shown(item)} was taken, because it is nearest to the notebook.")
            else:
                _say_where(kept, item, name, home)
            break


def _is_record(item: Item, notebook: str, notebooks: tuple[str, ...]) -> bool:
    if _in_library(item) or not item.path.name.lower().endswith(".json"):
        return False
    if item.path.name == f"{notebook}.results.json":
        return True
    return _meant(item.path.stem, notebooks) == notebook and _RESULTS in _words(item.path.stem)


def _steps(one: PurePosixPath, other: PurePosixPath) -> int:
    """How many folders one goes up and down from one to the other."""
    shared = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one.parts, other.parts, strict=False)))
    return len(one.parts) + len(other.parts) - 2 * shared


def _take_companions(kept: SubmissionFiles, files: list[Item], notebook: str, home: PurePosixPath) -> None:
    """What is the notebook's by its name (trained weights) is put beside it, wherever it lies; the nearest of each name."""
    fitting = [item for item in files if item.path.name.startswith(f"{notebook}.") and not _in_library(item)]
    for item in sorted(fitting, key=lambda item: (_steps(item.path.parent, home), str(item.path))):
        name, suffix = item.path.name, item.path.suffix.lower()
        if suffix not in _KEPT - {".py"} or _RESULTS in _words(item.path.stem) or name in kept.contents:
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


def _take_others(kept: SubmissionFiles, files: list[Item]) -> None:
    others: list[Item] = []
    library = False
    for item in sorted(files, key=lambda item: (len(item.path.parts), str(item.path))):
        name = item.path.name
        if _in_library(item):
            library = True
        elif _NOTEBOOK.fullmatch(name) or name in _SILENT:
            continue
        elif item.trouble or item.path.suffix.lower() in _KEPT:
            kept.add(item, str(item.path))
        else:
            others.append(item)
    if library:
        kept.note("A copy of hw_lib was handed in too and left out: the course's own is used.")
    if others:
        kept.note(f"Files of other kinds were left out: {listed(others)}.")


def _say_what_came(kept: SubmissionFiles, files: list[Item], missing: list[str], notebooks: tuple[str, ...]) -> None:
    """A notebook saved as a script or a page is no notebook, but whoever handed it in did not hand in nothing."""
    files = [item for item in files if item.path.name not in _SILENT and not _in_library(item)]
    if files and len(missing) == len(notebooks):
        kept.note(f"No notebook was handed in; what came: {listed(files)}.")
        return
    for notebook in missing:
        came = [
            item for item in files if _meant(item.path.stem, notebooks) == notebook and not _is_record(item, notebook, notebooks)
        ]
        if came:
            kept.note(f"{notebook}.ipynb was not handed in; what came: {listed(came)}.")
