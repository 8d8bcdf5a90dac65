"""Looks at a machine from outside: which files are there, which processes of a class still live, what a page would run.

Knows nothing of attacks.
"""

from __future__ import annotations

import hashlib
import os
from html.parser import HTMLParser
from pathlib import Path

_ACTIVE = frozenset({"script", "iframe", "object", "embed", "applet", "base", "form", "input", "button", "link", "frame", "portal"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset"})


def files(top: Path, leave_out: Path) -> dict[str, str]:
    """Every file, link and folder below `top` by path: what it holds, or where it points, and who may do what with it."""
    found = {}
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if Path(folder, name) != leave_out and name != "__pycache__"]
        for name in (*folders, *names):
            path = Path(folder, name)
            found[str(path)] = f"{path.lstat().st_mode:o} {_content(path)}"
    return found


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if not path.is_file():
        return "no file"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def survivors(top: Path) -> list[str]:
    """The processes that live where files of `top` are mounted, as those in a sandbox of this class do.

    A process can change its name, its parent, its session and its user, but not what was mounted before it began.
    """
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            mounts = (folder / "mountinfo").read_text()
            if f"{top}/" in mounts:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found.append(f"{folder.name}: {command[:200]}")
        except OSError:
            continue  # it has just ended, or it is somebody else's
    return found


def active_parts(page: str) -> list[str]:
    """Whatever in a page would run, load or send something."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            target = "".join((value or "").split()).casefold()
            if name.startswith("on") or (name in _ADDRESSES and not target.startswith("#")):
                self.found.append(f"<{tag} {name}={value!r}>")

    handle_startendtag = handle_starttag
