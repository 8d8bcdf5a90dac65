"""Answers and proposals as CSV files, for programs that have no place in here."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from pathlib import Path

from grading.files import write_text
from grading.mark.desk import Desk
from grading.mark.outside import COLUMNS, Line
from grading.mark.pile import MarkError

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # a spreadsheet would run it


def write(desk: Desk, path: Path) -> int:
    """Write every answer that waits, with empty columns for a proposal. Returns how many."""
    lines = desk.for_outside()
    file = io.StringIO()
    writer = csv.DictWriter(file, [*(field.name for field in fields(Line)), *COLUMNS[2:]], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**asdict(line), "text": _shown(line.text), "rubric": _shown(line.rubric)} for line in lines)
    write_text(path, file.getvalue())
    return len(lines)


def read(desk: Desk, path: Path) -> int:
    """Take the proposals of a file. Returns how many.

    Raises:
        MarkError: it cannot be read, or names something that is not here; then nothing is taken.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            found = [line for line in reader if line.get("items") or line.get("comment")]
            columns = reader.fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MarkError(f"{path} cannot be read", expected="a CSV file in UTF-8", got=error, fix="is its name right?") from None
    if missing := [name for name in COLUMNS if name not in columns]:
        got = f"no {', '.join(missing)}"
        raise MarkError(f"{path} has not all columns", expected=", ".join(COLUMNS), got=got, fix="begin with a file of --to-csv")
    return desk.propose(found, path.name)


def _shown(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
