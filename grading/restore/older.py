"""What a student was asked, where the homework has changed since: by the edition of the notebook that was handed in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grading import editions
from grading import notebook as nb
from grading.source import Source


@dataclass(frozen=True)
class Asked:
    """What an edition did not ask that the homework asks now, and the other way round.

    Attributes:
        never: grade ids that the student's edition does not have.
        perhaps_never: the same, where the notebook does not say its edition and an older one would explain what is missing.
        parts: the parts of both.
        notes: what staff should know, one sentence each.
        of: the part of each cell.
    """

    never: tuple[str, ...] = ()
    perhaps_never: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    of: Mapping[str, str] = field(default_factory=dict)

    def is_new(self, name: str) -> bool:
        """Whether a cell belongs to what was not asked; it is no surprise then that it is not there."""
        return name in self.never or name in self.perhaps_never or self.of.get(name, "") in self.parts


def asked(submitted: nb.Notebook, source: Source, present: set[str]) -> Asked:
    """What the student was asked.

    Args:
        submitted: what was handed in.
        source: the homework as it is now, with what was given out of it.
        present: the author's cells that are in the submission; a task that is there was asked, whatever the notebook says.
    """
    tasks = [nb.grade_id(cell) for cell in source.notebook["cells"] if nb.is_grade(cell)]
    of = nb.parts(source.notebook)
    edition = editions.of(submitted, source.editions)
    if edition is None:
        likely = editions.lacking(tasks, present, source.editions)
        if likely is None:
            return Asked()
        gone = tuple(name for name in tasks if name not in present)
        note = f"it does not say its edition; {likely.title} did not ask {', '.join(gone)}: a person has to look"
        return Asked(perhaps_never=gone, parts=_parts(gone, tasks, of), notes=(note,), of=of)
    never = tuple(name for name in tasks if name not in edition.asked and name not in present)
    removed = [name for name in edition.asked if name not in tasks]
    notes = [f"{edition.title} did not ask {', '.join(never)}: not counted"] if never else []
    notes += [f"{edition.title} also asked {', '.join(removed)}: no longer counted"] if removed else []
    return Asked(never=never, parts=_parts(never, tasks, of), notes=tuple(notes), of=of)


def _parts(gone: tuple[str, ...], tasks: list[str], of: Mapping[str, str]) -> frozenset[str]:
    """The parts of which nothing is asked."""
    return frozenset(of[name] for name in gone) - {of[name] for name in tasks if name not in gone}
