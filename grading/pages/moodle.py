"""Grades into Moodle: the grading worksheet that the teacher downloaded, filled in, and feedback pages as the zip that it takes.

The columns of a worksheet are named in the site's language; the identifier is told by what stands in it, the grade by its name in
the languages below or by --column. Import both: Moodle loses grades if feedback comes without them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grading import display
from grading.marks import Scorecard
from grading.pages.fill import Filled, fill, possible
from grading.pages.match import Person, match
from grading.pages.sheet import PlatformError, Sheet, only_column, read, twice

_EXPECTED = "a grading worksheet: the first column has identifiers such as 'Participant 7'"
# English, German, French and Spanish from Moodle's language packs, the others from memory
_GRADE = ("Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Nota", "Cijfer", "Beoordeling", "Betyg", "Karakter")
_FULL_NAME = ("full name", "vollständiger name", "nom complet", "nombre completo", "nome completo", "volledige naam", "cognome")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_IDENTIFIER = re.compile(r"(\D*)(\d+)")
_LOCKED = ("no", "nein", "non", "nee", "não")  # in the column "Grade can be changed"
# as Moodle's language packs have them: English, German, French, Spanish, Italian, Portuguese, Brazilian
_CHANGEABLE = (
    *("grade can be changed", "bewertung kann geändert werden", "la note peut être modifiée", "la calificación puede cambiarse"),
    *("la valutazione può essere cambiata", "a nota pode ser alterada.", "nota pode ser alterada"),
)
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same pages give the same bytes


def fill_moodle(
    path: Path, cards: Mapping[str, Scorecard], titles: Sequence[str], column: str, known: Mapping[str, Sequence[str]]
) -> Filled:
    """Fill in a grading worksheet; the arguments are those of `fill_canvas`.

    Raises:
        PlatformError: it is no such file, its grades are in no or two columns, it has a person twice, or nobody of ours.
    """
    del titles  # a worksheet is of one assignment: its column is called after no title
    sheet = read(path, "Moodle", lambda row: len(row) > 2, _EXPECTED)
    people = _people(sheet)
    names = column or next((text for text in sheet.heading if text.strip().casefold() in map(str.casefold, _GRADE)), "Grade")
    where = only_column(sheet, names, range(1, len(sheet.heading)), (), str.strip)
    if double := twice([person.number for person in people]):
        fix = "download it again from Moodle"
        raise PlatformError(f"{sheet.name} has an identifier twice", expected="one row each", got=display.listed(double), fix=fix)
    matched = match(list(cards), people, known)
    made, rows = fill(sheet, where, cards, matched, _locked(sheet), range(1, len(sheet.heading)))
    made.text = sheet.text(rows)
    made.notes += _worth(sheet, where, possible(cards))
    return made


def feedback_zip(made: Filled, sheet_path: Path, pages: Mapping[str, Path]) -> bytes:
    """The zip for *upload multiple feedback files*: a page for each student whose grade was filled in or stood there already.

        <name>_<number>_assignfeedback_file_<page>.html

    Args:
        made: the filled worksheet: who is who.
        sheet_path: the same download, for names and numbers.
        pages: student -> the page.
    """
    sheet = read(sheet_path, "Moodle", lambda row: len(row) > 2, _EXPECTED)
    people = {person.row: person for person in _people(sheet)}
    ready, buffer = {*made.changed, *made.same}, io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for row, student in sorted(made.matched.rows.items()):
            if student in ready and student in pages:
                name = re.sub(r"[_/\\\0]", " ", _full_name(sheet, sheet.rows[row])).strip() or "Participant"
                page = pages[student].name.replace("_", "-")
                entry = zipfile.ZipInfo(f"{name}_{people[row].number}_assignfeedback_file_{page}", _MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, pages[student].read_bytes())
    return buffer.getvalue()


def _people(sheet: Sheet) -> list[Person]:
    """Every row of a worksheet, by the number in its identifier."""
    cut = [_IDENTIFIER.fullmatch(row[0].strip()) for row in sheet.rows[1:]]
    if not cut or not all(cut):
        wrong = next((row[0] for row, found in zip(sheet.rows[1:], cut, strict=True) if not found), "no row")
        fix = "*Download grading worksheet* in the assignment; its settings need *Offline grading worksheet*"
        raise PlatformError(f"{sheet.name} is no file of Moodle", expected=_EXPECTED, got=display.line(wrong, chars=80), fix=fix)
    people = []
    for k, (row, found) in enumerate(zip(sheet.rows[1:], cut, strict=True), start=1):
        word, number = found.groups() if found else ("", "")
        mails = tuple(field for field in row[1:5] if _MAIL.fullmatch(field.strip()))
        names = (word, *(field.strip() for field in row[1:4] if field.strip() and field not in mails))
        said = _full_name(sheet, row)
        people.append(Person(k, display.line(f"{said} ({row[0]})" if said else row[0], chars=80), number, names, mails[:1]))
    return people


def _full_name(sheet: Sheet, row: Sequence[str]) -> str:
    """The name in a row; empty where the worksheet hides names, or has them under a heading that is not known here."""
    column = next((k for k, text in enumerate(sheet.heading) if text.strip().casefold().startswith(_FULL_NAME)), None)
    return "" if column is None else row[column].strip()


def _locked(sheet: Sheet) -> Callable[[Sequence[str]], bool]:
    """Rows whose grade Moodle does not change."""
    column = next((k for k, text in enumerate(sheet.heading) if text.strip().casefold() in _CHANGEABLE), None)
    return lambda row: column is not None and row[column].strip().casefold() in _LOCKED


def _worth(sheet: Sheet, grade: int, points: float) -> list[str]:
    """A warning where Moodle's maximum, the column behind the grade, is another one."""
    most = {row[grade + 1].strip().replace(",", ".") for row in sheet.rows[1:]} if grade + 1 < len(sheet.heading) else set()
    try:
        (there,) = map(float, most)
    except ValueError:
        return []
    return [] if abs(there - points) < 0.005 else [f"Moodle has at most {there:g} points, the homework {display.number(points)}"]
