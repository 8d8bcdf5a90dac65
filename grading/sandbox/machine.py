"""What of this machine a sandbox has to show or to hide: system files, the interpreter, the packages, our own copies among them."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/sys/devices/system/cpu",  # OpenMP counts cores there
)


# Where it really lies: a virtual environment may be a link, and a sandbox shows only what the link leads to. Not the target of
# bin/python itself, which is the interpreter outside of the environment.
INTERPRETER = Path(sys.executable).parent.resolve() / Path(sys.executable).name


def python_roots() -> tuple[Path, ...]:
    """The interpreter and its packages, where /usr does not hold them."""
    roots = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    return tuple(sorted(root for root in roots if not root.is_relative_to("/usr") or root == Path("/usr/local")))


def staff_packages() -> Iterator[Path]:
    """Copies of hw_lib and grading among the installed packages, with the answers in them."""
    for scheme in ("purelib", "platlib"):
        for name in ("hw_lib", "grading"):
            folder = Path(sysconfig.get_path(scheme)).resolve() / name
            if folder.is_dir():
                yield folder
