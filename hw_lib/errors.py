"""One message format for everything that can go wrong: what happened, what was expected, what came, how to fix it.

Students read these messages in a notebook, the grader reads them back out of an executed one. Imports nothing of ours.
"""

from __future__ import annotations

import linecache
from dataclasses import dataclass

_LABELS = ("expected", "got", "fix")
_INDENT = " " * 12  # continuation lines start where the first line's text starts


@dataclass(frozen=True)
class Explanation:
    """A parsed message. Every field but `what` may be empty."""

    what: str
    expected: str = ""
    got: str = ""
    fix: str = ""


def explain(what: str, *, expected: object = "", got: object = "", fix: object = "") -> str:
    """Write one message in the project's format.

        dropout_forward returned the wrong shape
          expected: float64 (4, 3)
          got:      float64 (3, 4)
          fix:      return `out` with the shape of `x`

    Args:
        what: one line, what happened.
        expected: what should have come; left out of the message when empty.
        got: what came; left out when empty.
        fix: how to mend it; left out when empty.

    Returns:
        The message, without a trailing newline.
    """
    lines = [what.strip()]
    for label, value in zip(_LABELS, (expected, got, fix), strict=True):
        text = str(value).strip()
        if text:
            lines.append(f"  {label + ':':<10}" + text.replace("\n", "\n" + _INDENT))
    return "\n".join(lines)


def read(message: str) -> Explanation:
    """Parse a message; the inverse of `explain`.

    Args:
        message: any text. A text in another format becomes an `Explanation` whose `what` is that text.

    Returns:
        The parts, each without its label and indentation.
    """
    parts: dict[str, list[str]] = {"what": []}
    current = "what"
    for line in message.strip("\n").splitlines():
        label = next((name for name in _LABELS if line.startswith(f"  {name}:")), None)
        if label is not None and label not in parts:
            current = label
            parts[current] = [line.split(":", 1)[1].strip()]
        elif current != "what":
            parts[current].append(line.removeprefix(_INDENT))
        else:
            parts[current].append(line.rstrip())
    return Explanation(**{name: "\n".join(lines).strip() for name, lines in parts.items()})


def invalid(what: str, *, expected: object = "", got: object = "", fix: object = "") -> ValueError:
    """A ValueError whose message `explain` writes: `raise invalid("affine_forward: x is empty", fix="pass an x with entries")`."""
    return ValueError(explain(what, expected=expected, got=got, fix=fix))


class _Short:
    """An exception of ours in a notebook: its message and the student's own line, not the way that led there.

    IPython, and with it every notebook that runs its kernel, asks an exception for its own traceback.
    """

    def _render_traceback_(self) -> list[str]:
        line = _students_line(getattr(self, "__cause__", None))
        return [f"{type(self).__name__}: {self}", *([line] if line else [])]


def _students_line(error: BaseException | None) -> str:
    """The last line of a notebook's cell that an error went through; empty for an error that went through none."""
    step, found = error.__traceback__ if error is not None else None, ""
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_filename.startswith("<ipython-input") or "ipykernel_" in code.co_filename:
            text = linecache.getline(code.co_filename, step.tb_lineno).strip()
            found = f"  in {code.co_name}, line {step.tb_lineno} of its cell:  {text}"
        step = step.tb_next
    return found


class CheckFailed(_Short, AssertionError):
    """A student's answer is wrong, and the message says how. An AssertionError, so that stock tools count it as a failed test."""

    def __init__(self, what: str, *, expected: object = "", got: object = "", fix: object = "") -> None:
        """Write the message; the arguments are those of `explain`."""
        super().__init__(explain(what, expected=expected, got=got, fix=fix))


class NeedsPerson(CheckFailed):
    """A test cannot tell an accident from a fraud: somebody has to look, and no points are taken away automatically."""


class RecordMissing(_Short, RuntimeError):
    """A recorded result is not there: its cell was not run, or the record was not handed in."""


class RecordAltered(_Short, RuntimeError):
    """A recorded result does not match its own checksum."""
