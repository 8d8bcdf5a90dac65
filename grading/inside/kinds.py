"""What a test is told of a student's object that stays where it is: which kind of thing it is, and what to do instead.

Only kinds of this table are named on the test's side, whatever the student's process says.
"""

from __future__ import annotations

from typing import Any

_PANDAS = "return plain data of it (.to_numpy(), .tolist(), .to_dict()), or let the author declare what the test needs"
_STREAM = "a test can go through it once (for, list), and nothing else; return a list"
_ADVICE = {
    **dict.fromkeys(("DataFrame", "Series", "Index", "MultiIndex", "RangeIndex", "DatetimeIndex", "Timestamp"), _PANDAS),
    **dict.fromkeys(("generator", "map", "filter", "zip", "enumerate", "reversed"), _STREAM),
}
_DECLARE = 'exposed_attributes = { %s = ["…"] } in course.toml'


def of(value: Any) -> str:
    """The kind of an object, if the table has it; else an empty text."""
    kind = type(value)
    ours = kind.__module__.partition(".")[0] == "pandas" or kind.__module__ == "builtins"
    return kind.__name__ if ours and kind.__name__ in _ADVICE else ""


def known(name: Any) -> str:
    """What the student's process calls a kind, if the table has it."""
    return name if type(name) is str and name in _ADVICE else ""


def refused(kind: str, what: str) -> str:
    """Why a test cannot do something with an object, on one line: tables show one."""
    thing = f"a {kind}" if kind else "an object of the student's"
    advice = _ADVICE.get(kind) or "return plain data, arrays or tensors, or let the author declare what the test needs"
    declared = "" if advice is _STREAM else f": {_DECLARE % (kind or 'ItsClass')}"
    return f"{thing} stays in the student's process, so a test cannot {what}: {advice}{declared}"
