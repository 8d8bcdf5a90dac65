"""A student's own words in a test, marked: they may repeat a hidden input, and students are not shown them (`grading.quotes`)."""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection

MARKS = "⟪⟫"
_LINE = re.compile(r"^(\s*(?:(?:expected|got|fix):\s*)?)(.+)$")
# classes that are not built in, whose names say nothing of an input
KNOWN = {
    *vars(builtins),
    *(
        "CheckFailed",
        "RecordMissing",
        "RecordAltered",
        "NeedsPerson",
        "Inconclusive",
        "LinAlgError",
        "AxisError",
        "OutOfMemoryError",
    ),
}


def quoted(text: str) -> str:
    """A student's words between marks, line by line, because an explanation is taken apart into its lines."""
    for mark in MARKS:
        text = text.replace(mark, "")
    return "\n".join(_LINE.sub(lambda found: f"{found[1]}{MARKS[0]}{found[2]}{MARKS[1]}", line) for line in text.splitlines())


def named(name: str, known: Collection[str]) -> str:
    """The name of an exception's class as it is shown."""
    return name if name in known else quoted(name) if name.isidentifier() else "Exception"
