"""What an attack module may say, and how that becomes a hand-in. Writes files; runs nothing that an attack brings.

A module of tests/redteam/attacks has a docstring and any of these names; all have defaults:

    CELLS       cell id -> source: the answers, on top of the wrong ones of assignment.WRONG
    OWN_CELLS   cell id -> source of a cell of the student's own behind it ("" for the top of the notebook)
    FILES       file name -> content, beside the notebook
    STUDENT     the name of the student's folder, if the name is the attack
    EARNS       grade id -> points that its honest part is worth; nothing else may earn anything
    PERSON      True if a person has to look, because there is nothing that could be graded
    notebook(blank) -> bytes            the notebook's file, in place of CELLS and OWN_CELLS
    hand_in(folder, blank) -> None      writes into the folder of the class, in place of all of the above
    check(seen) -> None                 further things that must hold afterwards; `seen` is a harness.Seen

In sources, @BUILD@, @COURSE@, @CLASS@, @BAIT@, @PORT@ and @SOCKET@ stand for what an attacker could guess at best: where the
grader's files lie, a folder that anybody may write to, and where a listener of ours waits for a call.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading import notebook as nb
from grading.collect.names import safe_name
from tests.redteam import assignment, attacks


@dataclass(frozen=True)
class Attack:
    """One attack, as its module describes it."""

    name: str
    about: str
    student: str
    cells: Mapping[str, str] = field(default_factory=dict)
    own_cells: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes | str] = field(default_factory=dict)
    earns: Mapping[str, float] = field(default_factory=dict)
    person: bool = False
    notebook: Callable[[nb.Notebook], bytes] | None = None
    hand_in: Callable[[Path, nb.Notebook], None] | None = None
    check: Callable[[Any], None] | None = None

    @property
    def filed_as(self) -> str:
        """The name that the collection gives this student."""
        return safe_name(self.student)

    def answered(self, blank: nb.Notebook) -> nb.Notebook:
        """The notebook with the attacker's answers and cells in it."""
        answers = {**assignment.WRONG, **self.cells}
        return with_own_cells(with_answers(blank, answers), self.own_cells)

    def write(self, folder: Path, blank: nb.Notebook, places: Mapping[str, str]) -> None:
        """Put the hand-in where a class lies."""
        if self.hand_in is not None:
            self.hand_in(folder, blank)
            return
        home = folder / self.student
        home.mkdir()
        data = self.notebook(blank) if self.notebook is not None else nb.dump(self.answered(blank)).encode()
        if b"@" in data:
            data = _placed(data, places)
        (home / f"{assignment.NAME}.ipynb").write_bytes(data)
        for name, content in self.files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(_placed(content.encode() if isinstance(content, str) else content, places))


def _placed(data: bytes, places: Mapping[str, str]) -> bytes:
    for word, place in places.items():
        data = data.replace(f"@{word}@".encode(), place.encode())
    return data


def with_answers(notebook: nb.Notebook, answers: Mapping[str, str]) -> nb.Notebook:
    """A notebook with some cells' sources replaced."""
    return {**notebook, "cells": [{**cell, "source": answers.get(cell["id"], cell["source"])} for cell in notebook["cells"]]}


def with_own_cells(notebook: nb.Notebook, own: Mapping[str, str]) -> nb.Notebook:
    """A notebook with cells of the student's own behind some of the author's."""
    cells = [_own_cell("", own[""])] if "" in own else []
    for cell in notebook["cells"]:
        cells += [cell, _own_cell(cell["id"], own[cell["id"]])] if cell["id"] in own else [cell]
    return {**notebook, "cells": cells}


def _own_cell(after: str, source: str) -> nb.Cell:
    return {"cell_type": "code", "id": f"mine-{after}", "metadata": {}, "source": source}


def load(name: str) -> Attack:
    """Read one module of tests/redteam/attacks."""
    module = importlib.import_module(f"{attacks.__name__}.{name}")
    known = {"CELLS": "cells", "OWN_CELLS": "own_cells", "FILES": "files", "EARNS": "earns", "PERSON": "person"}
    functions = ("notebook", "hand_in", "check")
    said = {key: getattr(module, word) for word, key in known.items() if hasattr(module, word)}
    said |= {word: getattr(module, word) for word in functions if hasattr(module, word)}
    return Attack(name, (module.__doc__ or "").strip(), getattr(module, "STUDENT", name), **said)


def load_all() -> dict[str, Attack]:
    """Every attack by name."""
    return {module.name: load(module.name) for module in pkgutil.iter_modules(attacks.__path__)}
