"""The notebook's own file as it was last saved: its cells, and what the release wrote into it. Reads, never writes."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hw_lib import dotted, hosted

TEST = re.compile(r"# ([\d.]+) points?: (.*)")  # the first line of a test cell says what it is worth and what it looks at
_CODE_STUB, _TEXT_STUB = "raise NotImplementedError()", "YOUR ANSWER HERE"


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        name: its grade id; empty for one without.
        answer: whether the student writes in it.
        graded: whether it carries points itself: a test, a written answer, or a task.
        defines: the names that its answer gives a value.
        task: it asks for something that is done in cells below it.
        of: the part that the course says it belongs to; empty where only the name says it.
    """

    name: str
    code: bool
    source: str
    answer: bool
    graded: bool
    points: float
    defines: tuple[str, ...] = ()
    of: str = ""
    task: bool = False

    @property
    def part(self) -> str:
        """The letter of its part, as headings write it; what the part is called, or the cell, where there is no letter."""
        letter = self.of or self.name.partition("_")[0]
        return f"({letter})" if len(letter) == 1 else self.of or self.name

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        stub = _CODE_STUB if self.code else _TEXT_STUB
        return self.answer and (stub in self.source or not self.source.strip())

    @property
    def title(self) -> str:
        """What a test cell looks at; else the cell's name without its letter."""
        said = TEST.match(self.source)
        if self.task:
            return "a task, in cells of your own below it"
        name = self.name.partition("_")[2].replace("_", " ") or self.name
        return said[2].partition(";")[0] if said else f"{name}, in words" if not self.code else name


@dataclass(frozen=True)
class Page:
    """A saved notebook; without cells where there is no file, as on Colab.

    Attributes:
        path: where it lies.
        assignment: what it belongs to; empty where nothing says so.
        notebooks: all notebooks of the assignment.
        optional: the letters of its parts that count on top.
        upload: where to hand it in, as the course says.
        library: which hw_lib it was handed out with; empty where nothing says so.
        files: files beside it that students change, and hand in.
    """

    path: Path
    cells: tuple[Cell, ...] = ()
    assignment: str = ""
    notebooks: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    upload: str = ""
    library: str = ""
    files: tuple[str, ...] = ()

    def defining(self, name: str) -> Cell | None:
        """The cell whose answer gives a name its value."""
        return next((cell for cell in self.cells if name in cell.defines), None)

    def giving(self, name: str) -> Cell | None:
        """The given cell that makes a name: one that it assigns, defines or imports."""
        return next((cell for cell in self.cells if cell.code and not cell.answer and name in _made(cell.source)), None)

    def of_source(self, source: str) -> Cell | None:
        """The cell that says this, white space at its ends aside."""
        return next((cell for cell in self.cells if cell.code and cell.source.strip() == source.strip()), None)


def read(name: str) -> Page:
    """The notebook of this name as it lies on disk, whatever its file is called now; a page without cells if none can be read."""
    for path in _candidates(name):
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return _page(path, raw)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return Page(Path(f"{name}.ipynb"))


def ask(name: str) -> None:
    """Where the notebook is no file, as on Colab: have it written down, as it is now."""
    hosted.notebook(name)


def code(path: Path) -> list[str]:
    """The sources of the code cells of a notebook's file; none if it cannot be read."""
    try:
        return [cell.source for cell in _page(path, json.loads(path.read_text(encoding="utf-8"))).cells if cell.code]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []


def _candidates(name: str) -> list[Path]:
    """Where the file may be: as Jupyter or VS Code say, else beside, under its own name."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    told = [os.environ.get("JPY_SESSION_NAME", ""), (getattr(shell, "user_ns", None) or {}).get("__vsc_ipynb_file__", "")]
    return [Path(path) for path in told if str(path).endswith(".ipynb")] + [Path(f"{name}.ipynb")]


def _made(source: str) -> set[str]:
    """The names that a cell makes; none where it cannot be read, for example because of a magic."""
    tree = dotted.parsed(source)
    nodes = dotted.nodes(tree) if tree else []
    named = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imported = {(node.asname or node.name).partition(".")[0] for node in nodes if isinstance(node, ast.alias)}
    return named | imported | {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _page(path: Path, raw: Mapping[str, Any]) -> Page:
    said = raw["metadata"].get("hw_lib") or {}
    defines, parts = said.get("defines") or {}, said.get("parts") or {}
    cells = tuple(_cell(cell, defines, parts) for cell in raw["cells"] if cell["cell_type"] in ("code", "markdown"))
    notebooks, optional, files = (tuple(map(str, said.get(key, ()))) for key in ("notebooks", "optional", "files"))
    assignment, upload, library = (str(said.get(key, "")) for key in ("assignment", "upload", "library"))
    return Page(path, cells, assignment, notebooks, optional, upload, library, files)


def _cell(raw: Mapping[str, Any], defines: Mapping[str, Any], parts: Mapping[str, Any]) -> Cell:
    meta = raw["metadata"].get("nbgrader") or {}
    source = raw["source"] if isinstance(raw["source"], str) else "".join(raw["source"])
    name = str(meta.get("grade_id", ""))
    task = bool(meta.get("task"))
    points = meta.get("points") if meta.get("grade") or task else 0
    return Cell(
        name,
        raw["cell_type"] == "code",
        source,
        bool(meta.get("solution")),
        bool(meta.get("grade")) or task,
        float(points or 0),
        tuple(map(str, defines.get(name, ()))),
        str(parts.get(name, "")),
        task,
    )
