"""A zip that is cut in half, with a password, or no zip at all. A person looks: it is not a silent zero."""

import io
import zipfile
from pathlib import Path

from grading import notebook as nb
from tests.redteam.assignment import NAME

PERSON = True


def hand_in(folder: Path, blank: nb.Notebook) -> None:
    """Half of a zip beside the folders of the class."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        bundle.writestr(f"{NAME}.ipynb", nb.dump(blank))
    (folder / "damaged_zip").mkdir()
    (folder / "damaged_zip" / "work.zip").write_bytes(made.getvalue()[: len(made.getvalue()) // 2])
