"""Every version of a notebook that `hw release` gave out: which one a student worked on, and so what that student was asked.

A released notebook names its edition in its metadata. What is kept outlives `make clean`: a task that is added in the middle of a
semester must not be charged to those who never saw it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grading import notebook as nb
from grading.files import write_text
from grading.workspace import Workspace

_MARK = "hw_lib"  # our part of a notebook's metadata; editors and notebook services keep what they do not know


@dataclass(frozen=True)
class Edition:
    """One version that was given out.

    Attributes:
        key: tells it from others.
        given: the day of the release that first had it, as in 2026-11-29.
        asked: the grade ids of its tasks, in order.
        texts: what its cells said: in a later edition's place it is the author's text, not the student's.
    """

    key: str
    given: str
    asked: tuple[str, ...]
    texts: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """As a sentence names it."""
        return f"the edition of {self.given}"


def stamped(student: nb.Notebook, more: Mapping[str, Any] | None = None) -> nb.Notebook:
    """A released notebook that says which edition it is, and what else it is to know."""
    return {**student, "metadata": {**student["metadata"], _MARK: {"edition": key(student), **(more or {})}}}


def key(student: nb.Notebook) -> str:
    """Tells two versions of what students get apart: any word that differs."""
    cells = [(cell["id"], cell["cell_type"], cell["source"], nb.meta(cell).get("points")) for cell in student["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:12]


def keep(work: Workspace, name: str, student: nb.Notebook) -> None:
    """Remember that this version was given out; one that is known keeps its day."""
    path = work.edition(name, key(student))
    if not path.is_file():
        write_text(path, nb.dump(_dated(stamped(student), date.today().isoformat())))


def read(work: Workspace, name: str) -> tuple[Edition, ...]:
    """What was given out of a notebook, the oldest first."""
    found = []
    for path in work.editions(name).glob("*.ipynb"):
        notebook = nb.parse(path.read_bytes(), str(path))
        asked = tuple(nb.grade_id(cell) for cell in notebook["cells"] if nb.is_grade(cell))
        texts = frozenset(map(nb.text, notebook["cells"]))
        found.append(Edition(path.stem, str(_said(notebook).get("given", "an unknown day")), asked, texts))
    return tuple(sorted(found, key=lambda edition: (edition.given, edition.key)))


def of(submitted: nb.Notebook, editions: Iterable[Edition]) -> Edition | None:
    """The edition that a submission says it is; None if it says nothing, or names one that was never given out."""
    named = _said(submitted).get("edition")
    return next((edition for edition in editions if edition.key == named), None)


def texts(editions: Iterable[Edition]) -> frozenset[str]:
    """Everything that the author ever wrote into a cell that was given out."""
    return frozenset().union(*(edition.texts for edition in editions))


def lacking(names: Sequence[str], present: set[str], editions: Iterable[Edition]) -> Edition | None:
    """Where a submission does not say its edition: one that never asked exactly those of `names` that are not present."""
    gone = [name for name in names if name not in present]
    fits = [edition for edition in editions if gone and [name for name in names if name not in edition.asked] == gone]
    return fits[-1] if fits else None


def _dated(notebook: nb.Notebook, day: str) -> nb.Notebook:
    return {**notebook, "metadata": {**notebook["metadata"], _MARK: {**_said(notebook), "given": day}}}


def _said(notebook: nb.Notebook) -> dict[str, object]:
    """Our part of the metadata, whatever a student's editor made of it."""
    said = notebook["metadata"].get(_MARK)
    return said if isinstance(said, dict) else {}
