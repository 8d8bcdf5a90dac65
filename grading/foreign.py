"""Notebooks that were not written for this grader: of other languages, of otter-grader, without metadata, in other folders.

Each is told apart before anything is made of it, so that its author reads what to do and not where we stumbled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grading import notebook as nb

_MARKS = "ASSIGNMENT CONFIG|(?:BEGIN|END) (?:QUESTION|PROMPT|TESTS|SOLUTION)|EXPORT CELL"
_OTTER = re.compile(rf"^\s*(?:<!--\s*|```\s*|#\s*)?({_MARKS})\b")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def problems(source: nb.Notebook) -> list[str]:
    """Why a notebook cannot be a source here, one sentence each; empty for one that can."""
    language = _language(source["metadata"])
    if language and not language.startswith(("python", "ipython")):
        return [f"it is written in {language}; hw runs and grades notebooks in Python only"]
    found = []
    for number, cell in enumerate(source["cells"], 1):
        if cell["cell_type"] != "code" and not nb.is_known(cell) and (said := _OTTER.match(cell["source"])):
            what = "a raw cell" if cell["cell_type"] == "raw" else "a text"
            found.append(f"cell no. {number}: {what} of otter-grader ({said[1]}); here a cell's kind stands in nbgrader's metadata")
    return found


def python(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook's metadata; one that does not say its kernel is in Python, and says so when students open it."""
    return {**metadata} if metadata.get("kernelspec") else {**metadata, "kernelspec": _KERNEL}


def elsewhere(path: Path) -> str:
    """What to do about a source that is not where course.toml says, with a look at what lies around there."""
    found = sorted(other for other in path.parent.rglob(path.name) if other != path) if path.parent.is_dir() else []
    if found:
        return f"move {found[0].relative_to(path.parent)} into {path.parent}: the notebooks of an assignment lie in its own folder"
    near = sorted(other.stem for other in path.parent.glob("*.ipynb")) if path.parent.is_dir() else []
    return f"see `notebooks` in course.toml; {path.parent} has {', '.join(near) or 'no notebook'}"


def _language(metadata: Mapping[str, Any]) -> str:
    """What a notebook says that it is written in; empty where it does not."""
    for name, key in (("kernelspec", "language"), ("language_info", "name")):
        said = metadata.get(name)
        if isinstance(said, Mapping) and isinstance(said.get(key), str) and said[key]:
            return str(said[key]).lower()
    return ""
