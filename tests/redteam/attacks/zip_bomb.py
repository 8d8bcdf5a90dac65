"""A zip whose files unpack to far more than they weigh, the notebook among them. It is refused while it unpacks."""

import io
import zipfile
from pathlib import Path

from grading import notebook as nb
from tests.redteam.assignment import NAME

PERSON = True


def hand_in(folder: Path, blank: nb.Notebook) -> None:
    """300 MB of blanks and zeros in less than one."""
    home = folder / "zip_bomb"
    home.mkdir()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        bundle.writestr(f"{NAME}.ipynb", b" " * 100_000_000)
        bundle.writestr(f"{NAME} (1).ipynb", b"[" * 50_000_000)
        for number in range(3):
            bundle.writestr(f"zeros{number}.npy", bytes(50_000_000))
    (home / "work.zip").write_bytes(made.getvalue())
