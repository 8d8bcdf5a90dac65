"""Rows -> the text of a CSV file that a spreadsheet opens without running anything in it.

A spreadsheet runs what begins like a formula, so text that does gets an apostrophe in front; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from grading import display

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are full-width forms
_TEXT_CHARS = 1000


class Whole(str):
    """A text that is written whole: it is bounded already, and its end may be what matters."""


class Figure(str):
    """A number that is written with its own decimals."""


def csv_text(lines: Iterable[Iterable[object]]) -> str:
    """One line for each row; None is empty, texts are cleaned and harmless."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([field(value) for value in line] for line in lines)
    return buffer.getvalue()


def field(value: object) -> str:
    """One field as it stands in the file."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return display.number(value)
    if isinstance(value, Figure):
        return str(value)
    return harmless(display.line(str(value), chars=len(str(value)) if isinstance(value, Whole) else _TEXT_CHARS), str(value))


def harmless(text: str, before: str = "") -> str:
    """A text that no spreadsheet runs; `before` is what it was before it was cleaned."""
    return f"'{text}" if text.startswith(FORMULA) or before.startswith(FORMULA) else text
