"""Which of a student's files is which notebook: by its name; where that leaves a choice, by the work that is in it.

The untouched release under the right name counts for less than any file in which somebody wrote. Files are opened only where there
is a choice. Two files with different work, of which the one with the better name holds less, are a doubt that a person settles.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from grading.collect import archive, work
from grading.collect.archive import Item, Unreadable
from grading.collect.submission_files import FILE_BYTES, SubmissionFiles, listed, shown
from grading.collect.work import Release, Releases, Work
from grading.notebook import Notebook

_NESTED_BYTES = 100_000_000  # a zip inside the source, still packed
_NAME = re.compile(r"(?i)(.*)\.ipynb(\.json|\.txt)?")  # some browsers add the second ending
_OTHER_ENDINGS = frozenset({"", ".json", ".txt"})  # under which a whole notebook may have been saved


@dataclass(frozen=True)
class _Candidate:
    """A file that may be a notebook; `tier` counts up from a name that fits to what lies in a zip."""

    item: Item
    notebook: str
    tier: int
    release: Release | None

    @cached_property
    def work(self) -> Work | None:
        """What the student wrote; None where nobody can tell, because the file or the release cannot be read."""
        if self.release is None:
            return None
        found = _opened(self.item)
        return None if found is None else work.of(found, self.release)

    @property
    def exact(self) -> bool:
        """Whether the file has the notebook's name."""
        return self.item.path.name == f"{self.notebook}.ipynb"

    @property
    def rank(self) -> tuple[int, int, bool, int, int, str]:
        """Smaller is better, as far as names and dates tell."""
        depth = len(self.item.path.parts) if self.exact else 0
        return self.item.attempt, self.tier, not self.exact, depth, -self.item.modified, str(self.item.path)

    def holds(self, other: _Candidate) -> bool:
        """Whether all that was written in the other file stands in this one too."""
        return bool(self.work) and (other.work or {}).items() <= (self.work or {}).items()


class Search:
    """Finds the notebooks of an assignment in one student's files."""

    def __init__(self, files: Iterable[Item], notebooks: tuple[str, ...], theirs: set[str], releases: Releases) -> None:
        """Look for the notebooks; files with a name of `theirs` are another assignment's."""
        self.files = [item for item in files if not is_of(item, theirs)]
        self._theirs = theirs
        self.notes: list[str] = []
        self.strangers: list[Item] = []
        self._notebooks, self._releases = notebooks, releases
        self._found: dict[str, list[_Candidate]] = {notebook: [] for notebook in notebooks}
        self._look()

    def take(self, kept: SubmissionFiles) -> dict[str, PurePosixPath]:
        """Keep the best file of each notebook; returns the folder that each of them lay in."""
        for note in self.notes:
            kept.note(note)
        if self.strangers:
            kept.note(f"Left out, because the name fits no notebook of the assignment: {listed(self.strangers)}.")
        chosen = {notebook: _choose(kept, notebook, self._found[notebook]) for notebook in self._notebooks}
        return {notebook: one.item.path.parent for notebook, one in chosen.items() if one is not None}

    def blank(self) -> list[str]:
        """The notebooks of which nothing came but what was given out."""
        return [notebook for notebook in self._notebooks if self._found[notebook] and self._lacks(notebook)]

    def _look(self) -> None:
        """Go from the files whose name fits to those that nobody would expect, until every notebook has one with work in it."""
        named = [item for item in self.files if is_named(item)]
        self.strangers = [item for item in named if not meant(_stem(item), self._notebooks)]
        self._add([item for item in named if meant(_stem(item), self._notebooks)], 0)
        tiers: tuple[Callable[[], list[Item]], ...] = (
            lambda: self.strangers,
            self._other_endings,
            self._checkpoints,
            self._unpacked,
        )
        for tier, files in enumerate(tiers, start=1):
            if not (items := files()) or not any(map(self._lacks, self._notebooks)):
                continue
            taken = self._add(items, tier)
            gone = set(map(id, taken))  # by identity: comparing each with each takes too long where somebody hands in thousands
            self.strangers = [item for item in self.strangers if id(item) not in gone]

    def _lacks(self, notebook: str) -> bool:
        """Whether no file was found for it, or none but the release as it was given out."""
        return all(one.work is not None and not one.work for one in self._found[notebook])

    def _add(self, items: Iterable[Item], tier: int) -> list[Item]:
        """Give files to the notebooks that they are meant to be; returns those that were given to one."""
        lacking = [notebook for notebook in self._notebooks if tier and self._lacks(notebook)]
        empty = [notebook for notebook in lacking if not self._found[notebook]]
        taken = []
        for item in items:
            home = meant(_stem(item), self._notebooks) or self._home(item, empty)
            if home and (not tier or home in lacking):
                self._found[home].append(_Candidate(item, home, tier, self._releases.get(home)))
                taken.append(item)
        return taken

    def _home(self, item: Item, empty: list[str]) -> str:
        """For a file whose name says nothing: what it began as, or the only notebook that is missing: better a note than a zero."""
        found = _opened(item) if self._releases else None
        known = work.meant(found, self._releases) if found else ""
        return known or (empty[0] if len(empty) == 1 and not item.is_checkpoint else "")

    def _other_endings(self) -> list[Item]:
        odd = [item for item in self.files if item.path.suffix.lower() in _OTHER_ENDINGS and not is_named(item)]
        return [item for item in odd if not item.trouble and _opened(item) is not None]

    def _checkpoints(self) -> list[Item]:
        return [item for item in self.files if item.is_checkpoint]

    def _unpacked(self) -> list[Item]:
        """The notebooks in the zips among the files; what is in the zips is among the files from here on."""
        zips = [item for item in self.files if item.path.suffix.lower() == ".zip"]
        if not zips or not any(map(self._lacks, self._notebooks)):
            return []
        inner: list[Item] = []
        rest = [item for item in self.files if item not in zips]
        alone = len(zips) == 1 and not rest
        for item in zips:
            try:
                contents = archive.of_zip(io.BytesIO(item.read(_NESTED_BYTES)))
            except Unreadable as problem:
                rest.append(replace(item, trouble=str(problem)))
                continue
            above = PurePosixPath() if alone else item.path  # beside other files, a file in a zip is told by the zip's name
            found = [
                replace(one, path=above / one.path, attempt=item.attempt, when=item.when)
                for one in contents.items
                if not one.folder
            ]
            inner += [one for one in found if not is_of(one, self._theirs)]
            self.notes += contents.notes
        self.files = [*rest, *inner]
        return [item for item in inner if is_named(item)] or [item for item in inner if item.is_checkpoint]


def is_named(item: Item) -> bool:
    """Whether a file says by its name that it is a notebook, and is no copy that Jupyter made."""
    return bool(_NAME.fullmatch(item.path.name)) and not item.is_checkpoint


def is_of(item: Item, names: set[str]) -> bool:
    """Whether a file is a notebook of one of these names, in whatever capitals."""
    return bool(_NAME.fullmatch(item.path.name)) and _stem(item).casefold() in names


def meant(stem: str, notebooks: tuple[str, ...]) -> str:
    """The notebook whose name stands in this one, whatever a browser or a platform put around it; the longest if several."""
    said = f"_{words(stem)}_"
    fitting = [notebook for notebook in notebooks if f"_{words(notebook)}_" in said]
    return max(fitting, key=len, default="")


def words(text: str) -> str:
    """A name as words with one sign between them."""
    return re.sub(r"[^a-z0-9]+|(?<=[a-z])(?=copy\d*$)", "_", text.casefold()).strip("_")


def _stem(item: Item) -> str:
    match = _NAME.fullmatch(item.path.name)
    return match[1] if match else item.path.stem


def _opened(item: Item) -> Notebook | None:
    try:
        return work.opened(item.read(FILE_BYTES))
    except Unreadable:
        return None


# ---- one of several ----


def _choose(kept: SubmissionFiles, notebook: str, candidates: list[_Candidate]) -> _Candidate | None:
    name = f"{notebook}.ipynb"
    ranked = sorted(candidates, key=lambda one: one.rank)
    if len(ranked) > 1:
        ranked = _by_work(ranked)
        if doubtful := _richer(ranked):
            said = " and ".join(f"{shown(one.item)} ({_counted(one)})" for one in (ranked[0], *doubtful[:3]))
            kept.refused[name] = f"{said} hold different work; leave the right one and collect again"
            kept.note(f"Which file is {name}? {said} hold different work.")
            return None
    for one in ranked:
        if name in kept.refused and one.work is not None and not one.work:
            break  # an untouched release says nothing of the file that could not be read
        if kept.add(one.item, name):
            kept.notebooks[notebook] = name
            kept.refused.pop(name, None)
            _note_choice(kept, one, name, ranked)
            return one
    return None


def _by_work(ranked: list[_Candidate]) -> list[_Candidate]:
    """Files with work first, untouched ones last; of the same work at two stages the later stage."""
    order = sorted(ranked, key=lambda one: 0 if one.work else 1 if one.work is None else 2)
    best = order[0]
    for one in order[1:]:
        if one.item.attempt == best.item.attempt and one.work != best.work and one.holds(best) and best.work:
            best = one
    return [best, *(one for one in order if one is not best)]


def _richer(ranked: list[_Candidate]) -> list[_Candidate]:
    """The files of the same attempt that hold more than the first one, and other work."""
    best, *others = ranked
    if not best.work:
        return []
    return [one for one in others if one.item.attempt == best.item.attempt and one.work and len(one.work) > len(best.work)]


def _counted(one: _Candidate) -> str:
    count = len(one.work or ())
    return f"{count} cell{'s' * (count != 1)} written"


def _note_choice(kept: SubmissionFiles, one: _Candidate, name: str, ranked: list[_Candidate]) -> None:
    others = [other for other in ranked if other is not one]
    if others:
        left = listed(other.item for other in others)
        kept.note(
            f"{len(ranked)} files could be {name}; {shown(one.item)} was taken, because {_why(one, others)}; left out: {left}."
        )
    elif not one.exact:
        kept.note(f"{shown(one.item)} was taken as {name}.")


def _why(one: _Candidate, others: list[_Candidate]) -> str:
    better = [other for other in others if other.rank < one.rank]
    if any(other.work and one.holds(other) for other in better):
        return "it holds the same work and more"
    if better:
        return "somebody worked in it"
    if any(other.item.attempt > one.item.attempt for other in others):
        return "it was handed in last"
    return "it has the right name" if one.exact else "it is the newest"
