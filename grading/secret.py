"""The course's secret, from which the inputs of hidden tests are drawn (`hw_lib.streams`). Made once, then only read.

Whoever has it can know every hidden input beforehand: it lies beside the gradebook, readable for its owner alone, and goes to the
trusted process and nowhere else.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

from grading.records import GradingError

VARIABLE = "HW_LIB_SECRET"  # where the trusted process finds it, as `hw_lib.streams` says; that one would import NumPy


class SecretError(GradingError):
    """The file of the secret is there and holds none."""


def read_or_make(path: Path) -> str:
    """The secret in a file, which is made if it is not there. Of several that make it at the same time, all get the same.

    Args:
        path: the file, as `Workspace.secret` says.

    Returns:
        64 hexadecimal digits.

    Raises:
        SecretError: the file holds something else.
    """
    if not path.exists():
        _make(path)
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise SecretError(
            f"{path} does not hold the course's secret",
            expected="64 hexadecimal digits",
            got=f"{len(text)} characters",
            fix="put your backup of it there; or delete it: a new one is made, every submission is run again, and its tests "
            "draw other inputs",
        )
    return text


def _make(path: Path) -> None:
    """Write a new one beside the file, whole, and give it the name if nobody else did."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
