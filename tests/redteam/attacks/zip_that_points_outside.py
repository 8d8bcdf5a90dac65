"""A zip with absolute names, `..`, backslashes, drive letters, a null and links in it. Nothing is written outside."""

import io
import stat
import zipfile
from pathlib import Path

from grading import notebook as nb
from tests.redteam.assignment import NAME
from tests.redteam.harness import NEIGHBOUR


def hand_in(folder: Path, blank: nb.Notebook) -> None:
    """One zip instead of a notebook."""
    home = folder / "zip_that_points_outside"
    home.mkdir()
    top = folder.parent
    names = [f"../{NEIGHBOUR}/{NAME}.ipynb", f"{top}/PWNED.py", f"{top}/bait/precious.txt", "..\\..\\PWNED.py", "C:\\PWNED.py"]
    names += ["a/../../PWNED.py", "./../PWNED.py", "/etc/PWNED.py", "~/PWNED.py"]
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        for name in names:
            bundle.writestr(name, "{}")
        bundle.writestr(link, str(top / "bait"))
        bundle.writestr("link/precious.txt", "PWNED")
        bundle.writestr(f"{NAME}.ipynb", nb.dump(blank))
        bundle.writestr("nullXend.py", "PWNED = True")
    (home / "work.zip").write_bytes(made.getvalue().replace(b"nullXend.py", b"null\0end.py"))
