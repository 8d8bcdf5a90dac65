"""How things are shown to people: text that strangers wrote made harmless, points, paths, and what the system refuses to do.

Every page, table and file that carries a student's words passes them through `block` or `line` first: no escape sequences, no
control characters, no endless lines.
"""

from __future__ import annotations

import errno
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from hw_lib.errors import explain

_ENOUGH = 50_000  # nobody shows more than this; what lies behind is not even looked at
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours and cursor movements
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # window titles, hyperlinks
    r"|\x1b[ -/]*[0-~]?"  # everything else that starts with escape
)
_JOINERS = "\u200c\u200d"  # invisible, but part of the spelling in several scripts
_ODD = re.compile(f"[^\n -~{_JOINERS}]")  # everything that is not shown as it is without a question

_FIXES = {
    errno.ENOSPC: "make room on the disk and type the same command again; what was finished is kept",
    errno.EDQUOT: "make room within your quota and type the same command again; what was finished is kept",
    errno.EROFS: "set `build` in course.toml to a folder that can be written",
    errno.EACCES: "give yourself the right to it, or set `build` in course.toml to a folder of yours",
    errno.EPERM: "give yourself the right to it, or set `build` in course.toml to a folder of yours",
    errno.ENOTDIR: "move the file away that lies where a folder has to be",
    errno.EEXIST: "move the file away that lies where a folder has to be",
    errno.EIO: "look after the disk: it does not answer",
}


def block(text: str, *, chars: int = 800, lines: int = 12) -> str:
    """Clean text of several lines, cut to a size; a cut says how much is missing."""
    rows = [row.rstrip() for row in _cleaned(text).strip("\n").split("\n")]
    rows, hidden = rows[:lines], len(rows) - lines
    shown = "\n".join(rows)
    if len(shown) > chars:
        return f"{shown[:chars].rstrip()} … ({len(shown) - chars} more characters)"
    return f"{shown}\n… ({hidden} more lines)" if hidden > 0 else shown


def line(text: str, *, chars: int = 200) -> str:
    """Clean text on one line, cut to a size."""
    joined = " ".join(_cleaned(text).split())
    return joined if len(joined) <= chars else joined[: chars - 1].rstrip() + "…"


def listed(names: Iterable[str], *, most: int = 20, chars: int = 80) -> str:
    """File names that strangers chose, on one line: the first ones, and how many more there are."""
    names = list(names)
    more = [f"{len(names) - most} more"] if len(names) > most else []
    return ", ".join([*(line(name, chars=chars) for name in names[:most]), *more])


def number(value: float) -> str:
    """Points as people write them: 3, 2.5, 0.33."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _cleaned(text: str) -> str:
    return _ODD.sub(lambda found: _shown(found[0]), _ESCAPES.sub("", text[:_ENOUGH].replace("\r\n", "\n")))


def _shown(char: str) -> str:
    if char == "\t":
        return "    "
    kind = unicodedata.category(char)
    if kind in ("Zl", "Zp"):
        return "\n"
    if kind in ("Cc", "Cf"):
        return ""
    return "\N{REPLACEMENT CHARACTER}" if kind in ("Cs", "Co", "Cn") else char


# ---- paths and names, as short as they can be typed ----


def program() -> str:
    """How to type our own name: `hw` if that is found, else the path to it."""
    found = Path(sys.argv[0])
    if found.name != "hw" or shutil.which("hw") == str(found):
        return "hw"
    return str(found.relative_to(Path.cwd())) if found.is_relative_to(Path.cwd()) else str(found)


def gradebook(url: str) -> str:
    """Where a gradebook is, without the password that a URL may hold."""
    return path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else without_password(url)


def without_password(url: str) -> str:
    """A database URL that may be shown."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)


def path(place: Path | str) -> str:
    """A path as short as it can be said from here."""
    absolute = Path(place).resolve()
    try:
        return str(absolute.relative_to(Path.cwd()))
    except ValueError:
        return str(absolute)


# ---- what the system refuses to do and is nobody's bug, such as a full disk ----


def system_error(error: OSError) -> str:
    """What was expected, what came and how to mend it; empty for an error that may be a bug of ours."""
    fix = _FIXES.get(error.errno or 0, "")
    got = f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    expected = "files that can be read, a build folder that can be written, and room in it"
    return explain("a file could not be read or written", expected=expected, got=got, fix=fix) if fix else ""
