"""Small ports of the platforms' importers, written from their documentation and from what their sources are known to do.

They are not the platforms' code. Each keeps the rules that decide whether a file does what a teacher means by it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field


@dataclass
class CanvasImport:
    """What Canvas shows before a teacher presses *Save changes*: (user, assignment) -> new grade, and assignments it would make."""

    changes: dict[tuple[str, str], str] = field(default_factory=dict)
    new_assignments: list[str] = field(default_factory=list)
    unknown_people: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CanvasCourse:
    """What Canvas knows: users by ID with their SIS user and login, assignments by ID, grades."""

    users: dict[str, tuple[str, str]]
    assignments: dict[str, str]
    grades: dict[tuple[str, str], str]


def canvas_import(text: str, course: CanvasCourse) -> CanvasImport:
    """Port of Canvas's gradebook importer.

    Column 0 has Student, column 1 is ID; SIS User ID, SIS Login ID, Integration ID and Root Account may follow, Section is last of
    them. A row Points Possible is no student, a column that says "read only" there is none to import. `Title (123)` is assignment
    123, an exact title the assignment of that title, anything else a new assignment. Users are found by ID, then SIS user, then
    login. Grades are compared at two decimals; a blank over a grade is a change.
    """
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    head = rows[0]
    assert "Student" in head[0] and head[1] == "ID" and len(head) >= 4, "not a gradebook"
    info = next(k for k, name in enumerate(head) if "Section" in name) + 1
    assert set(head[2 : info - 1]) <= {"SIS User ID", "SIS Login ID", "Integration ID", "Root Account"}
    made = CanvasImport()
    possible = next((row for row in rows[1:] if row[0].strip() == "Points Possible"), [""] * len(head))
    columns: dict[int, str] = {}
    for k in range(info, len(head)):
        if "read only" in possible[k].lower():
            continue
        found = re.search(r"\((\d+)\)$", head[k])
        by_title = [number for number, title in course.assignments.items() if title == head[k]]
        if found and found[1] in course.assignments:
            columns[k] = found[1]
        elif by_title:
            columns[k] = by_title[0]
        else:
            made.new_assignments.append(head[k])
    for row in rows[1:]:
        if row[0].strip() == "Points Possible" or not any(row):
            continue
        user = _canvas_user(dict(zip(head[:info], row, strict=False)), course)
        if user is None:
            made.unknown_people.append(row[0])
            continue
        for k, assignment in columns.items():
            new, old = _canvas_grade(row[k]), _canvas_grade(course.grades.get((user, assignment), ""))
            if new != old:
                made.changes[user, assignment] = new
    return made


def _canvas_user(row: dict[str, str], course: CanvasCourse) -> str | None:
    if row["ID"] in course.users:
        return row["ID"]
    for place, name in enumerate(("SIS User ID", "SIS Login ID")):
        for user, keys in course.users.items():
            if row.get(name) and keys[place] == row[name]:
                return user
    return None


def _canvas_grade(text: str) -> str:
    text = text.strip()
    if text.upper() == "EX" or not text:
        return text.upper()
    return f"{float(text.replace(',', '.')):.2f}"


@dataclass
class MoodleImport:
    """What Moodle's worksheet importer would do: participant -> grade; and those whose grade is newer than the file."""

    grades: dict[int, float] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)


def moodle_import(text: str, strings: dict[str, str], participants: dict[int, int], grades: dict[int, float]) -> MoodleImport:
    """Port of Moodle's `assignfeedback_offline` importer.

    UTF-8, comma. The columns are found by the site's own words for *Identifier*, *Grade* and *Last modified (grade)*; all three
    have to be there. A participant is the number behind the word for one. An empty grade is left alone, an unchanged one too; a
    grade that was changed in Moodle after the file's moment is skipped.

    Args:
        text: the worksheet.
        strings: the site's words: identifier, grade, modified, participant.
        participants: number -> when the grade was last changed, as a number that grows.
        grades: as Moodle has them.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    head = rows[0]
    where = {name: head.index(strings[name]) for name in ("identifier", "grade", "modified")}
    made = MoodleImport()
    for row in rows[1:]:
        number = int(row[where["identifier"]].removeprefix(strings["participant"]).strip())
        if number not in participants or not row[where["grade"]].strip():
            continue
        grade = float(row[where["grade"]].replace(",", "."))
        modified = row[where["modified"]].strip()
        if participants[number] > (int(modified) if modified.isdecimal() else 0):
            made.skipped.append(number)
        elif grades.get(number) != grade:
            made.grades[number] = grade
    return made


def moodle_feedback(data: bytes, participants: set[int]) -> dict[int, list[str]]:
    """Port of Moodle's `assignfeedback_file` importer of zips: participant -> names of feedback files.

    A name is cut at its first four underscores: whoever, the participant's number, the kind of plugin, the plugin, the file. Hidden
    files, and names that do not fit, are passed over in silence.
    """
    found: dict[int, list[str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            pieces = name.split("_", 4)
            if len(pieces) < 5 or name.startswith(".") or not pieces[1].isdecimal() or int(pieces[1]) not in participants:
                continue
            if (pieces[2], pieces[3]) in (("assignfeedback", "file"), ("assignsubmission", "file")):
                found.setdefault(int(pieces[1]), []).append(pieces[4])
    return found


def gradescope_read(text: str) -> dict[str, dict[str, str]]:
    """A reader of Gradescope's CSV of grades, as courses write them: e-mail -> the whole row by heading."""
    return {row["Email"]: row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))}
