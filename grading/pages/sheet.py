"""A platform's own CSV file: read as it is, one column filled in, and written back with every other field as it came."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading import display
from grading.records import GradingError

_LARGEST = 50_000_000
_DECIMAL = {",": re.compile(r"-?\d+,\d+"), ".": re.compile(r"-?\d+\.\d+")}


class PlatformError(GradingError):
    """A platform's file is another one than it should be; nothing was written."""


@dataclass(frozen=True)
class Sheet:
    """A CSV file.

    Attributes:
        name: of the file, for messages.
        rows: every row, the heading first; shorter ones are filled up with empty fields.
        delimiter, newline, bom: how it was written.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    newline: str
    bom: bool

    @property
    def heading(self) -> tuple[str, ...]:
        """The first row."""
        return self.rows[0]

    def decimal(self, columns: Sequence[int]) -> str:
        """How these columns write decimals; where they show none, as the delimiter suggests."""
        fields = [row[column].strip() for row in self.rows[1:] for column in columns]
        found = {mark: sum(bool(pattern.fullmatch(field)) for field in fields) for mark, pattern in _DECIMAL.items()}
        if found[","] == found["."]:
            return "," if self.delimiter == ";" else "."
        return "," if found[","] > found["."] else "."

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """Rows, written as the file was."""
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=self.delimiter, lineterminator=self.newline).writerows(rows)
        return ("\ufeff" if self.bom else "") + buffer.getvalue()


def read(path: Path, platform: str, is_heading: Callable[[Sequence[str]], bool], expected: str) -> Sheet:
    """Read a file that a teacher downloaded.

    Args:
        path: where it lies.
        platform: whose it is, for messages.
        is_heading: whether a row, cut at the right delimiter, is the heading of such a file.
        expected: what the heading has to have, in words.

    Raises:
        PlatformError: there is no such file, it is not UTF-8, not a CSV, or its heading is another one.
    """
    text = _text(path, platform)
    first = text.removeprefix("\ufeff").split("\n", 1)[0]
    for delimiter in (",", ";"):
        rows = _rows(text.removeprefix("\ufeff"), delimiter, path, platform)
        if rows and is_heading(rows[0]):
            break
    else:
        fix = f"download it again from {platform}, of this course, and give it as it comes"
        got = display.line(first, chars=160) or "nothing"
        raise PlatformError(f"{path.name} is no file of {platform}", expected=expected, got=got, fix=fix)
    width = max(map(len, rows))
    newline = "\r\n" if "\r\n" in text else "\n"
    whole = tuple((*row, *[""] * (width - len(row))) for row in rows)
    return Sheet(path.name, whole, delimiter, newline, text.startswith("\ufeff"))


def _text(path: Path, platform: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlatformError(
            "the file cannot be read", expected=f"a download from {platform}", got=f"{path}: {error.strerror}"
        ) from None
    if len(data) > _LARGEST or b"\0" in data:
        got = f"{len(data):,} bytes" if len(data) > _LARGEST else "a file of a spreadsheet, or UTF-16"
        raise PlatformError(f"{path.name} is no CSV", expected="a CSV in UTF-8", got=got, fix=f"download it again from {platform}")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        got = f"another encoding: byte {error.start} is {data[error.start]:#04x}"
        fix = f"a spreadsheet saved it? Give the file as {platform} wrote it, or save it as CSV UTF-8"
        raise PlatformError(f"{path.name} is not UTF-8", expected="a CSV in UTF-8", got=got, fix=fix) from None


def _rows(text: str, delimiter: str, path: Path, platform: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as error:
        fix = f"download it again from {platform}"
        raise PlatformError(f"{path.name} is no CSV", expected="a CSV in UTF-8", got=error, fix=fix) from None


def only_column(sheet: Sheet, wanted: str, columns: Sequence[int], titles: Sequence[str], plain: Callable[[str], str]) -> int:
    """The one column to fill in.

    Args:
        sheet: the file.
        wanted: what was typed; empty for the homework's own titles.
        columns: those that may be filled in.
        titles: what the homework is called.
        plain: a heading without what the platform adds to it.

    Raises:
        PlatformError: there is none, or there are two: a new column must not appear by accident, nor the wrong one be filled.
    """
    names = [wanted.strip()] if wanted else [title.casefold().strip() for title in titles]
    if wanted:
        found = [column for column in columns if sheet.heading[column].strip() == names[0]]
        found = found or [column for column in columns if plain(sheet.heading[column]) == names[0]]
    else:
        found = [column for column in columns if plain(sheet.heading[column]).casefold() in names]
    if len(found) == 1:
        return found[0]
    there = display.listed((sheet.heading[column] for column in columns), most=30) or "no column for grades"
    what = "has no column" if not found else f"has {len(found)} columns"
    said = wanted or " or ".join(dict.fromkeys(titles))
    raise PlatformError(f"{sheet.name} {what} for {said}", expected="exactly one", got=there, fix="--column 'its whole heading'")


def twice(values: Sequence[str]) -> list[str]:
    """Values that stand in a column more than once; empty ones may."""
    return sorted(value for value, count in Counter(values).items() if value and count > 1)
