"""Colab and Kaggle, where the machine is gone the next day: what was measured is kept where it survives, and found again.

Colab's own module is used where Colab has loaded it, never imported. Knows nothing of what the files hold.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

_DRIVE = Path("/content/drive/MyDrive")  # where Colab mounts a student's Drive
_KAGGLE = Path("/kaggle/working")
_FOLDER = "hw_lib"
_TIMEOUT_S = 20


def keep(path: Path) -> str:
    """Put a copy of a file into Drive, or download it where no Drive is mounted; says what was done, nothing elsewhere."""
    colab = _colab()
    if colab is None:
        return f"{path.name} lives as long as this session: *Save Version* keeps it" if _KAGGLE.is_dir() else ""
    if _DRIVE.is_dir():
        (_DRIVE / _FOLDER).mkdir(exist_ok=True)
        shutil.copy(path, _DRIVE / _FOLDER / path.name)
        return f"{path.name} is kept in your Drive too, in the folder {_FOLDER}, and is found there on another day"
    download(path)
    mount = "from google.colab import drive; drive.mount('/content/drive')"
    return f"{path.name} was downloaded: this machine is gone tomorrow. With your Drive mounted ({mount}) it is kept there instead"


def fetch(path: Path) -> str:
    """Bring a file back that is in Drive and not here; says so, nothing where there is nothing to bring."""
    copy = _DRIVE / _FOLDER / path.name
    if _colab() is None or path.exists() or not copy.is_file():
        return ""
    shutil.copy(copy, path)
    return f"{path.name} was found in your Drive"


def download(path: Path) -> bool:
    """Offer a file to the browser; False where there is no Colab to do it."""
    colab = _colab()
    if colab is None:
        return False
    colab.files.download(str(path))
    return True


def notebook(name: str) -> Path | None:
    """On Colab, where a notebook is no file: ask the page for it and write it down. None elsewhere, or where no answer comes."""
    ask = getattr(getattr(_colab(), "_message", None), "blocking_request", None)
    if ask is None:
        return None
    try:
        found: Any = ask("get_ipynb", request="", timeout_sec=_TIMEOUT_S)["ipynb"]
    except Exception:  # Colab's own affair: without it the student downloads the notebook by hand, as the last cell says
        return None
    path = Path(f"{name}.ipynb")
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def _colab() -> Any:
    """Colab's module; its kernels load it when they start."""
    return sys.modules.get("google.colab")
