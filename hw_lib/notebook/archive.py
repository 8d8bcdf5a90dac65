"""One zip file with exactly what counts: the notebooks of the assignment, their records and their trained weights."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hw_lib.notebook.file import Page

_BESIDE = (".results.json", ".weights.pt")


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
    there = {inside: path for inside, path in files.items() if path.is_file()}
    temporary = target.with_suffix(".part")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as packed:
        for inside, path in sorted(there.items()):
            packed.write(path, inside)
    temporary.replace(target)
    return target, sorted(there), [other for other in notebooks if f"{other}.ipynb" not in there]
