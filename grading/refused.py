"""What the system refuses to do with a file and is nobody's bug, such as a full disk, and how to mend it."""

from __future__ import annotations

import errno

from hw_lib.errors import explain

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


def message(error: OSError) -> str:
    """What was expected, what came and how to mend it; empty for an error that may be a bug of ours."""
    fix = _FIXES.get(error.errno or 0, "")
    got = f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    expected = "files that can be read, a build folder that can be written, and room in it"
    return explain("a file could not be read or written", expected=expected, got=got, fix=fix) if fix else ""
