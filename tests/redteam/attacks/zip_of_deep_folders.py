"""A zip with folders nested more than a thousand deep, which whoever walks through them recurses into. They are left out."""

import io
import zipfile
from pathlib import Path

from grading import notebook as nb
from tests.redteam.assignment import NAME


def hand_in(folder: Path, blank: nb.Notebook) -> None:
    """A blank notebook above two wells."""
    home = folder / "zip_of_deep_folders"
    home.mkdir()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        bundle.writestr(f"{NAME}.ipynb", nb.dump(blank))
        for depth in (30, 900, 1500, 5000):
            bundle.writestr("a/" * depth + "deep.py", "x = 1")
            bundle.writestr("b/" * depth + f"{NAME}.results.json", "{}")
    (home / "work.zip").write_bytes(made.getvalue())
