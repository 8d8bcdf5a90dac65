"""Installed packages that a notebook may not have while it is graded (`hidden_packages` in course.toml).

Their folders are hidden, and a package of the same name that is found first says why it is not there.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path


def shadows(packages: Iterable[str]) -> dict[str, bytes]:
    """Packages of these names that say why they are not there; they are found before the installed ones."""
    files = {}
    for name in packages:
        why = f"{name} is not there while this notebook is graded: its exercises are to be done in NumPy"
        files[f"{name}/__init__.py"] = f"raise ModuleNotFoundError({why!r}, name={name!r})\n".encode()
    return files


def folders(packages: Iterable[str]) -> tuple[Path, ...]:
    """Where the installed packages of these names lie; nothing for one that is not installed."""
    found = []
    for name in packages:
        spec = importlib.util.find_spec(name)
        found += [Path(place).resolve() for place in (spec.submodule_search_locations or () if spec else ())]
    return tuple(found)
