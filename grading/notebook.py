"""Reads and writes notebooks in one canonical form, and answers questions about cells. The only importer of nbformat.

Canonical: nbformat 4.5, keys sorted, indent 1, no outputs, no execution counts, a cell's id is its grade id.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Sequence, Sized
from pathlib import Path
from typing import Any

from grading.records import GradingError
from hw_lib import dotted

Cell = dict[str, Any]
Notebook = dict[str, Any]

# What no honest notebook needs. Outputs are dropped and count for the file's size only; a collection refuses larger files
# (`basket.FILE_BYTES`) before they come here, and a restored notebook, written with one line per line, may be larger than it was.
LARGEST_BYTES = 100 * 2**20
MOST_CELLS = 5_000
RAISES = "raises-exception"  # Jupyter's own tag
_NEWEST = 4
MOST_SOURCE = 2_000_000
_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


class NotebookError(GradingError):
    """The file is not a notebook that can be read."""


def _upgraded(raw: dict[str, Any]) -> Any:
    """A notebook of an older format as one of the newest."""
    import nbformat  # a fifth of a second, for a notebook that hardly anybody has

    return nbformat.convert(nbformat.from_dict(raw), to_version=_NEWEST)


def parse(data: bytes, name: str) -> Notebook:
    """Read a notebook of any format version, however it was saved, as nbformat 4.5.

    Raises:
        NotebookError: it is too large, not JSON, not a notebook, or of a version nobody knows.
    """
    if len(data) > LARGEST_BYTES:
        raise _bad(name, f"at most {LARGEST_BYTES >> 20} MiB", f"{len(data) >> 20} MiB", "clear its outputs and save it")
    if not data.strip():
        raise _bad(name, "a notebook", "the file is empty", "hand in the notebook you worked in")
    try:
        text = data.decode(json.detect_encoding(data))  # some shells and editors save as UTF-16
        raw = json.loads(text)
        if _HALF_CHARACTER.search(text):  # JSON can spell half an emoji; UTF-8, and so every later file, cannot
            raw = json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise _bad(name, "JSON", str(error)[:200], "download the notebook again (.ipynb)") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("cells", raw.get("worksheets")), list):
        raise _bad(
            name,
            "a notebook: JSON with a list of cells",
            f"JSON without one ({type(raw).__name__})",
            "download it again",
        )
    if isinstance(version := raw.get("nbformat"), int) and version > _NEWEST:
        got = f"format {str(version)[:9]}, newer than the {_NEWEST} that this grader reads"
        raise _bad(name, f"a notebook of format {_NEWEST} or older", got, "save it as format 4 (any Jupyter does)")
    _refuse_many(raw.get("cells", ()), name)
    _drop_outputs(raw)
    try:
        # nbformat leaves the newest format as it is, and takes as long for that as all the rest does
        notebook = _plain(raw if raw.get("nbformat") == _NEWEST else _upgraded(raw))
    except Exception as error:  # whatever nbformat trips over, this file is not readable and the next one may be
        raise _bad(name, "a Jupyter notebook", f"{type(error).__name__}: {error}"[:200], "download it again") from None
    _refuse_many(notebook["cells"], name)  # an old notebook keeps its cells elsewhere
    if not notebook["cells"]:  # no student deletes them all: some program did not know where to look for them
        raise _bad(name, "a notebook with cells", "it holds no cells", "download it again")
    size = sum(len(cell["source"]) for cell in notebook["cells"])
    if size > MOST_SOURCE:
        raise _bad(name, f"at most {MOST_SOURCE} characters in its cells", f"{size} characters", "load data from a file")
    return notebook


def _drop_outputs(raw: dict[str, Any]) -> None:
    """Before the conversion: nobody reads them here, and a million small ones would take gigabytes."""
    sheets = [raw, *(sheet for sheet in raw.get("worksheets") or () if isinstance(sheet, dict))]
    lists = [sheet["cells"] for sheet in sheets if isinstance(sheet.get("cells"), list)]
    for cell in (cell for cells in lists for cell in cells if isinstance(cell, dict)):
        if "outputs" in cell:
            cell["outputs"] = []


def _refuse_many(cells: Sized, name: str) -> None:
    if len(cells) > MOST_CELLS:
        raise _bad(name, f"at most {MOST_CELLS} cells", f"{len(cells)} cells", "hand in the notebook you worked in")


def _plain(notebook: Any) -> Notebook:
    """Only what we know, each with the right type: a cell that is not one is dropped."""
    cells = []
    for index, cell in enumerate(notebook["cells"]):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            continue
        metadata, pictures = cell.get("metadata"), cell.get("attachments")
        plain = {
            "cell_type": cell["cell_type"],
            "id": str(cell.get("id") or f"cell-{index}"),
            "metadata": dict(metadata) if isinstance(metadata, dict) else {},
            "source": _source(cell.get("source", "")),
        }
        if plain["cell_type"] != "code" and (kept := _pictures(pictures)):
            plain["attachments"] = kept
        cells.append(plain)
    metadata = notebook.get("metadata")
    return {"cells": cells, "metadata": dict(metadata) if isinstance(metadata, dict) else {}}


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures pasted into a text, name -> type -> data, and nothing else that somebody put there."""
    named = attachments.items() if isinstance(attachments, dict) else ()
    pictures = {str(name): _only_text(data) for name, data in named if isinstance(data, dict)}
    return {name: data for name, data in pictures.items() if data}


def _only_text(data: dict[Any, Any]) -> dict[str, str]:
    return {str(kind): text for kind, value in data.items() if (text := _text(value))}


def _text(source: Any) -> str:
    if isinstance(source, list):
        try:
            return "".join(source)
        except TypeError:  # somebody put there what is no line
            return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _source(source: Any) -> str:
    """A cell's text with the line ends of every other: Windows writes two characters, and checksums would differ."""
    return _text(source).replace("\r\n", "\n")


def dump(notebook: Notebook) -> str:
    """A notebook as canonical text."""
    cells = []
    for cell in notebook["cells"]:
        out = {
            "cell_type": cell["cell_type"],
            "id": cell["id"],
            "metadata": cell["metadata"],
            "source": _lines(cell["source"]),
        }
        if cell.get("attachments"):
            out["attachments"] = cell["attachments"]
        if cell["cell_type"] == "code":
            out |= {"execution_count": cell.get("execution_count"), "outputs": cell.get("outputs", [])}
        cells.append(out)
    whole = {"cells": cells, "metadata": notebook["metadata"], "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def meta(cell: Cell) -> dict[str, Any]:
    """Nbgrader's metadata of a cell; empty for a cell that is not nbgrader's."""
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def grade_id(cell: Cell) -> str:
    """The cell's grade id; empty for a cell that is not nbgrader's."""
    return str(meta(cell).get("grade_id", "")) if is_known(cell) else ""


def is_solution(cell: Cell) -> bool:
    """The student writes in this cell."""
    return bool(meta(cell).get("solution"))


def is_task(cell: Cell) -> bool:
    """A text that asks for something which students do in cells of their own below it; nbgrader's word for it."""
    return bool(meta(cell).get("task")) and cell.get("cell_type") == "markdown"


def is_grade(cell: Cell) -> bool:
    """The cell carries points."""
    return bool(meta(cell).get("grade")) or is_task(cell)


def is_locked(cell: Cell) -> bool:
    """The cell's source is the author's, whatever a submission says."""
    return not is_solution(cell) and (is_grade(cell) or bool(meta(cell).get("locked")))


def is_known(cell: Cell) -> bool:
    """The cell has a place in nbgrader's books."""
    return is_solution(cell) or is_grade(cell) or is_locked(cell)


def is_test(cell: Cell) -> bool:
    """Graded by running it."""
    return is_grade(cell) and not is_solution(cell) and cell["cell_type"] == "code"


def is_by_hand(cell: Cell) -> bool:
    """Graded by a person."""
    return is_grade(cell) and not is_test(cell)


def done_below(cells: Sequence[Cell], task: int) -> list[Cell]:
    """The cells that a student added below a task cell of a restored notebook; that is where a task is done."""
    below = itertools.takewhile(lambda cell: str(cell["id"]).startswith("own-"), cells[task + 1 :])
    return [cell for cell in below if cell["source"].strip() or cell.get("attachments")]


def raises(cell: Cell) -> bool:
    """Whether a cell says by Jupyter's own tag that it raises on purpose."""
    return RAISES in cell.get("metadata", {}).get("tags", ())


def points(cell: Cell) -> float:
    """What the cell is worth."""
    return float(meta(cell).get("points", 0))


def part(cell: Cell) -> str:
    """The part of the homework that a cell belongs to, as `parts.named` noted it; else what its grade id begins with."""
    return str(cell.get("part") or grade_id(cell).split("_", 1)[0])


def parts(notebook: Notebook) -> dict[str, str]:
    """The part of each of nbgrader's cells, by grade id."""
    return {grade_id(cell): part(cell) for cell in known_cells(notebook)}


def known_cells(notebook: Notebook) -> Iterator[Cell]:
    """The cells that nbgrader keeps books on."""
    return (cell for cell in notebook["cells"] if is_known(cell))


def checksum(cell: Cell) -> str:
    """Nbgrader's checksum of a cell (nbgrader 0.9.6, `utils.compute_checksum`): stock tools compare it."""
    graded = bool(meta(cell).get("grade"))  # nbgrader's sense of both words: a task cell is neither
    locked = not is_solution(cell) and (graded or bool(meta(cell).get("locked")))
    pieces = [cell["source"], cell["cell_type"], str(graded), str(is_solution(cell)), str(locked), grade_id(cell)]
    if graded:
        pieces.append(str(points(cell)))
    return hashlib.md5("".join(pieces).encode(), usedforsecurity=False).hexdigest()


def is_untouched(cell: Cell) -> bool:
    """Whether a cell is as some release made it: its own checksum fits it. A student can write a fitting one, so no proof."""
    try:
        return bool(meta(cell).get("checksum")) and meta(cell)["checksum"] == checksum(cell)
    except (TypeError, ValueError, OverflowError, UnicodeError):  # points or text that are none
        return False


def text(cell: Cell) -> str:
    """A cell's source for comparing: without what editors do to white space at the ends of lines and around the whole."""
    return "\n".join(line.rstrip() for line in cell["source"].splitlines()).strip()


def tree(cell: Cell) -> ast.Module | None:
    """A code cell's source parsed, its magic left out; None if it does not parse, and so will not run either."""
    return dotted.parsed(_MAGIC.sub("pass", cell["source"]))


def evidence(folder: Path, name: str) -> list[Path]:
    """The files that running a notebook leaves beside it and that are handed in with it: records, trained weights."""
    return sorted(path for path in folder.glob(f"{name}.*") if path.suffix in (".json", ".pt"))


def _bad(name: str, expected: str, got: str, fix: str) -> NotebookError:
    return NotebookError(f"{name} is not a notebook that can be read", expected=expected, got=got, fix=fix)
