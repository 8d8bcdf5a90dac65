"""A zip of tens of thousands of empty files, and names that exclude each other. Collecting it ends soon, and says so."""

import io
import zipfile
from pathlib import Path

from grading import notebook as nb
from tests.redteam.assignment import NAME


def hand_in(folder: Path, blank: nb.Notebook) -> None:
    """A blank notebook in a crowd."""
    home = folder / "zip_of_many_files"
    home.mkdir()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        bundle.writestr("n" * 300 + ".py", "x = 1")
        bundle.writestr("both.py", "x = 1")
        bundle.writestr("both.py/inner.py", "x = 1")
        bundle.writestr(f"{NAME}.ipynb", nb.dump(blank))
        for number in range(30_000):
            bundle.writestr(f"crowd/{number}.csv", "")
    (home / "work.zip").write_bytes(made.getvalue())
