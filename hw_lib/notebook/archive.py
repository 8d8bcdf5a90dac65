"""One zip file with exactly what counts: the notebooks of the assignment, their records, trained weights, and files they import."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from hw_lib.notebook.file import Page, code

_BESIDE = (".results.json", ".weights.pt")
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+(.+)|%run[ \t]+(?:-\w+[ \t]+)*(\w+)\.py)", re.MULTILINE)


def pack(page: Page, name: str) -> tuple[Path, list[str], list[str]]:
    """Write the archive beside the notebook.

    Args:
        page: the notebook's file; it is packed under the name that the course knows.
        name: that name, without its ending.

    Returns:
        Where the archive lies, what is in it, and the notebooks of the assignment that were not found.
    """
    folder = page.path.parent
    target = folder / f"{page.assignment or name}-handin.zip"
    notebooks = page.notebooks or (name,)
    files = {f"{name}.ipynb": page.path}
    for other in notebooks:
        files.setdefault(f"{other}.ipynb", folder / f"{other}.ipynb")
        files.update({path.name: path for path in folder.glob(f"{other}.*") if path.name.endswith(_BESIDE)})
    files |= {other: folder / other for other in page.files}
    there = {inside: path for inside, path in files.items() if path.is_file()}
    there |= _imported([text for path in there.values() if path.suffix == ".ipynb" for text in code(path)], folder)
    temporary = target.with_suffix(".part")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as packed:
        for inside, path in sorted(there.items()):
            packed.write(path, inside)
    temporary.replace(target)
    return target, sorted(there), [other for other in notebooks if f"{other}.ipynb" not in there]


def _imported(texts: Iterable[str], folder: Path) -> dict[str, Path]:
    """The student's own Python files that the texts import, and that these import in turn, by their paths in the folder."""
    found: dict[str, Path] = {}
    todo = list(texts)
    while todo:
        for name in _packages(todo.pop()):
            single, package = folder / f"{name}.py", folder / name
            for path in [single] if single.is_file() else sorted(package.rglob("*.py")):
                inside = path.relative_to(folder).as_posix()
                if inside not in found:
                    found[inside] = path
                    todo.append(path.read_text(encoding="utf-8", errors="replace"))
    return found


def _packages(text: str) -> Iterator[str]:
    """The first parts of the names that a text imports, and the files that it runs with a magic."""
    for one, several, ran in _IMPORT.findall(text):
        named = [words[0].partition(".")[0] for part in several.split(",") if (words := part.split())]
        yield from (name for name in (one, ran, *named) if name.isidentifier() and name != "hw_lib")
