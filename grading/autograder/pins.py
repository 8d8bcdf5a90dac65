"""The packages that a grading here runs with, in this machine's versions: what another one installs to grade alike."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
_FOR_A_GPU = re.compile(r"triton|(nvidia|cuda)-.+")
_TORCH = ("torch", "torchvision")  # from one index, which is another one than that of the rest


def pins() -> tuple[list[str], list[str]]:
    """Everything that the extra `staff` needs, as lines for pip: PyTorch's own packages are the second list, empty without it.

    Raises:
        PackageNotFoundError: hw-lib itself is not installed here, so nobody knows what it needs.
    """
    lines: dict[str, str] = {}
    waiting = [Requirement(f"hw-lib[{'staff,torch' if _version('torch') else 'staff'}]")]
    seen: set[str] = set()
    while waiting:
        one = waiting.pop()
        if str(one) in seen:
            continue
        seen.add(str(one))
        version = _version(one.name).partition("+")[0]
        lines[canonicalize_name(one.name)] = f"{one.name}=={version}" if version else f"{one.name}{one.specifier}"
        if version or one.name == "hw-lib":
            waiting += _needs(one)
    others = [line for name, line in sorted(lines.items()) if not (name in ("hw-lib", *_TORCH) or _FOR_A_GPU.fullmatch(name))]
    return others, [lines[name] for name in _TORCH if name in lines]


def _needs(one: Requirement) -> Iterator[Requirement]:
    """What a package needs on Linux, with the extras that are asked for."""
    for line in importlib.metadata.requires(one.name) or ():
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({**_LINUX, "extra": extra}) for extra in ("", *one.extras)):
            needed.marker = None
            yield needed


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
