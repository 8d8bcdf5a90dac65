"""Canvas, Moodle and Gradescope: their own file comes back with one column filled in, and ports of their importers take it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grading.marks import Scorecard, Verdict
from grading.pages import Filled, PlatformError, feedback_zip, fill_canvas, fill_gradescope, fill_moodle
from tests.grading.pages.importers import CanvasCourse, canvas_import, gradescope_read, moodle_feedback, moodle_import
from tests.grading.scorecards import card

TITLES = ["Understanding Dropout", "dropout"]
# one name in each of six alphabets, as Canvas sorts them, and its ID
PEOPLE = {
    "Doe, Jane": "11",
    "Ångström, Zoë": "12",
    "Иванова, Анна": "13",
    "李, 明": "14",
    "Παπαδοπούλου, Ελένη": "15",
    "كريم, ليلى": "16",
}
COURSE = CanvasCourse(
    {number: (f"sis{number}", f"login{number}@u.edu") for number in PEOPLE.values()},
    {"900": "Understanding Dropout", "901": "Other homework"},
    {("11", "900"): "3.00", ("12", "901"): "7.00"},
)
HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Understanding Dropout (900)", "Other homework (901)", "Total"]


def done(student: str, points: float | None = None) -> Scorecard:
    """A card that nothing waits in; all 27 points and 11 of bonus if no others are given."""
    given: dict[str, dict[str, Any]] = {mark.grade_id: {"points": mark.max_points} for mark in card("x").marks if mark.by_hand}
    if points is not None:
        given = {mark.grade_id: {"points": 0.0} for mark in card("x").marks}
        given["a_weights"] = {"points": points}
    return card(student, given)


def canvas_name(name: str, number: str) -> str:
    """What a student is called here after a download of submissions from Canvas."""
    return "".join(char for char in name.casefold() if char.isalnum() or char == "\u0308") + f"_{number}"


def gradebook(path: Path, rows: list[list[str]] | None = None, *, delimiter: str = ",", head: list[str] | None = None) -> Path:
    """A download of Canvas's: the row of points, then people, then the test student."""
    end = ["", "", "(read only)"]
    people = [[name, number, f"sis{number}", f"login{number}@u.edu", "S1", *end] for name, number in PEOPLE.items()]
    people[0][5], people[1][6] = "3,00" if delimiter == ";" else "3.00", "7"
    worth, test = ["    Points Possible", *[""] * 4, "27", "10", "(read only)"], ["Student, Test", "99", "", "x", "S1", "", "", ""]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([head or HEAD, worth, *(people if rows is None else rows), test])
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
    return path


def canvas(
    tmp_path: Path, cards: list[Scorecard], known: Mapping[str, list[str]] | None = None, column: str = "", **how: Any
) -> Filled:
    """Fill in a gradebook."""
    path = gradebook(tmp_path / "grades.csv", **how)
    return fill_canvas(path, {one.student: one for one in cards}, TITLES, column, known or {})


# ---- Canvas ----


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_canvas_takes_the_file(tmp_path: Path, delimiter: str) -> None:
    """In six alphabets, with either delimiter: exactly the students' grades change, no assignment is new, everybody is known."""
    cards = [done(canvas_name(name, number), 1.5 + k) for k, (name, number) in enumerate(PEOPLE.items())]
    made = canvas(tmp_path, cards, delimiter=delimiter)
    found = canvas_import(made.text, COURSE)
    assert found.changes == {(number, "900"): f"{1.5 + k:.2f}" for k, number in enumerate(PEOPLE.values())}
    assert found.new_assignments == [] and found.unknown_people == ["Student, Test"]
    assert (len(made.changed), made.matched.students, made.matched.people) == (6, (), ())
    assert f"S1{delimiter}{'1,5' if delimiter == ';' else '1.5'}\r\n" in made.text


def test_canvas_leaves_alone_what_it_does_not_have(tmp_path: Path) -> None:
    """Only who is who and the one column are written: grades that were entered elsewhere after the download stay."""
    made = canvas(tmp_path, [done("doejane_11", 5.0)])
    rows = list(csv.reader(io.StringIO(made.text.removeprefix("\ufeff"))))
    assert rows[0] == HEAD[:6] and {len(row) for row in rows} == {6}
    later = CanvasCourse(COURSE.users, COURSE.assignments, {**COURSE.grades, ("12", "901"): "9.00"})
    assert canvas_import(made.text, later).changes == {("11", "900"): "5.00"}


def test_canvas_undecided_excused_and_equal_grades_stay(tmp_path: Path) -> None:
    """Who waits for a person keeps their 3.00, who is excused keeps EX, who has the same points is no change."""
    rows = [
        ["Doe, Jane", "11", "", "", "S1", "3.00", "", ""],
        ["Roe, Rick", "12", "", "", "S1", "EX", "", ""],
        ["Poe, Pia", "13", "", "", "S1", "24.00", "", ""],
    ]
    waits = card("doejane_11", {"a_weights": {"points": None, "verdict": Verdict.UNJUDGED}})
    made = canvas(tmp_path, [waits, done("roerick_12"), done("poepia_13", 24.0)], rows=rows)
    assert (made.undecided, made.kept, made.same, made.changed) == (["doejane_11"], ["roerick_12"], ["poepia_13"], [])
    course = CanvasCourse(COURSE.users, COURSE.assignments, {("11", "900"): "3", ("12", "900"): "EX", ("13", "900"): "24"})
    assert canvas_import(made.text, course).changes == {}
    said = "\n".join(made.lines())
    assert "a person has still to decide, left as they are: 1: doejane_11" in said and "excused" in said


def test_canvas_by_id_then_sis_then_login(tmp_path: Path) -> None:
    """A student called as the ID, the SIS user or the login (capitals aside) is that person; a name alone is nobody."""
    made = canvas(tmp_path, [done("11"), done("sis12"), done("LOGIN13@u.edu"), done("李, 明"), done("doejane")])
    assert sorted(made.changed) == ["11", "LOGIN13@u.edu", "sis12"]
    assert made.matched.students == ("李, 明", "doejane") and len(made.matched.people) == 3
    said = "\n".join(made.lines())
    assert "handed in, and not in the file: 2: 李, 明, doejane" in said and "in the file, and handed in nothing: 3: 李, 明" in said


def test_canvas_nobody_is_matched_by_guess(tmp_path: Path) -> None:
    """The right number behind another name is a doubt, not a match; so are two students who would have one row."""
    made = canvas(tmp_path, [done("roejane_11"), done("12"), done("sis12"), done("sis13")])
    assert made.changed == ["sis13"]
    assert set(made.matched.students) == {"roejane_11", "12", "sis12"}
    said = "\n".join(made.lines())
    assert "roejane_11 has the number of Doe, Jane, and another name" in said and "could be any of 12, sis12" in said


def test_canvas_a_login_twice_is_nobodys(tmp_path: Path) -> None:
    """Two people with one login: neither gets the grade."""
    rows = [[name, number, "", "same", "S1", "", "", ""] for name, number in list(PEOPLE.items())[:2]]
    made = canvas(tmp_path, [done("same"), done("11")], rows=rows)
    assert made.changed == ["11"] and "same could be any of Doe, Jane, Ångström, Zoë" in "\n".join(made.lines())


def test_canvas_a_roster_says_who_is_who(tmp_path: Path) -> None:
    """What the staff's list says counts as the student's name."""
    assert canvas(tmp_path, [done("jdoe")], {"jdoe": ["11"]}).changed == ["jdoe"]


def test_canvas_other_points_possible_are_said(tmp_path: Path) -> None:
    """Canvas does not scale."""
    head, rows = [*HEAD[:5], "Other homework (901)", "dropout (902)", "Total"], [["Doe, Jane", "11", "", "", "S1", "", "", ""]]
    made = canvas(tmp_path, [done("11")], head=head, rows=rows)
    assert made.notes == ["Canvas has 10 points possible, the homework 27: Canvas does not scale"]


@pytest.mark.parametrize(
    ("head", "column", "said"),
    [
        ([*HEAD[:5], "Dropout 2 (900)", "Other homework (901)", "Total"], "", "has no column for Understanding Dropout or dropout"),
        ([*HEAD[:5], "dropout (900)", "Dropout (901)", "Total"], "", "has 2 columns for"),
        ([*HEAD[:5], "dropout (900)", "dropout (901)", "Total"], "dropout", "has 2 columns for dropout"),
        (HEAD, "Total", "Canvas computes the column Total"),
        (HEAD, "Section", "has no column for Section"),
        (["Name", *HEAD[1:]], "", "is no file of Canvas"),
        (["Student", "Nr", *HEAD[2:]], "", "is no file of Canvas"),
        (["Student", "ID", "SIS User ID", "SIS Login ID", "Group", *HEAD[5:]], "", "has no column Section"),
    ],
)
def test_canvas_no_column_appears_by_accident(tmp_path: Path, head: list[str], column: str, said: str) -> None:
    """No column, two columns, a computed one, another kind of file: refused with what is there."""
    with pytest.raises(PlatformError, match=said) as caught:
        canvas(tmp_path, [done("11")], head=head, column=column)
    assert "expected:" in str(caught.value) and "got:" in str(caught.value)


def test_canvas_two_columns_of_one_name_are_told_apart_by_their_number(tmp_path: Path) -> None:
    """`--column "dropout (901)"`."""
    head = [*HEAD[:5], "dropout (900)", "dropout (901)", "Total"]
    made = canvas(tmp_path, [done("11", 4.0)], head=head, column="dropout (901)")
    assert made.text.splitlines()[0].endswith("dropout (901)")


def test_another_courses_file(tmp_path: Path) -> None:
    """It names nobody of ours; and an ID that stands there twice is refused."""
    with pytest.raises(PlatformError, match="names nobody of this class"):
        canvas(tmp_path, [done("zoe")])
    rows = [["Doe, Jane", "11", "", "", "S1", "", "", ""]] * 2
    with pytest.raises(PlatformError, match="has an ID twice"):
        canvas(tmp_path, [done("11")], rows=rows)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Student,ID,Section,A (1)\r\nJosé,11,S,\r\n".encode("latin-1"), "is not UTF-8"),
        ("Student,ID,Section,A (1)\r\n".encode("utf-16"), "is no CSV"),
        (b"PK\x03\x04\x00\x00 a workbook", "is no CSV"),
        (b"", "is no file of Canvas"),
    ],
)
def test_files_that_a_spreadsheet_saved(tmp_path: Path, data: bytes, said: str) -> None:
    """Another encoding, a workbook, nothing: said, with the way out."""
    path = tmp_path / "grades.csv"
    path.write_bytes(data)
    with pytest.raises(PlatformError, match=said):
        fill_canvas(path, {"11": done("11")}, TITLES, "", {})
    with pytest.raises(PlatformError, match="cannot be read"):
        fill_canvas(tmp_path / "nowhere.csv", {}, TITLES, "", {})


def test_nothing_of_a_student_gets_into_the_file(tmp_path: Path) -> None:
    """A student who is called like a formula is not in the file, their points are a number, and every other field is as it came."""
    known = {"=cmd()": ["11"]}
    made = canvas(tmp_path, [done("=cmd()", 2.25)], known)
    assert "cmd" not in made.text
    before = (tmp_path / "grades.csv").read_bytes().decode("utf-8-sig").splitlines()
    after = made.text.removeprefix("\ufeff").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old[: old.rindex(",", 0, old.rindex(","))] != new]
    assert len(changed) == 1 and changed[0][1] == '"Doe, Jane",11,sis11,login11@u.edu,S1,2.25'


# ---- Moodle ----

ENGLISH = {"identifier": "Identifier", "grade": "Grade", "modified": "Last modified (grade)", "participant": "Participant "}
GERMAN = {"identifier": "ID", "grade": "Bewertung", "modified": "Zuletzt geändert (Bewertung)", "participant": "Teilnehmer/in"}


def worksheet(
    path: Path,
    strings: Mapping[str, str],
    *,
    hidden: bool = False,
    grades: Mapping[int, str] | None = None,
    maximum: str = "27.00",
) -> Path:
    """A grading worksheet of a site in some language; with names hidden there is none."""
    named = [] if hidden else ["Full name" if strings is ENGLISH else "Vollständiger Name", "Email address"]
    behind = ["Maximum", "Grade can be changed", strings["modified"], "Feedback comments"]
    rows = [[strings["identifier"], *named, "Status", strings["grade"], *behind]]
    for name, number in PEOPLE.items():
        family, given = name.split(", ")
        who = [] if hidden else [f"{given} {family}", f"mail{number}@u.edu"]
        grade = (grades or {}).get(int(number), "")
        rows.append([f"{strings['participant']}{number}", *who, "Submitted", grade, maximum, "Yes", "7", "=HYPERLINK()"])
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("strings", [ENGLISH, GERMAN], ids=["English", "German"])
def test_moodle_takes_the_worksheet(tmp_path: Path, strings: dict[str, str]) -> None:
    """In the site's language, names in six alphabets: each participant gets their grade, and nobody else any."""
    path = worksheet(tmp_path / "w.csv", strings)
    cards = {}
    for k, (name, number) in enumerate(PEOPLE.items()):
        family, given = name.split(", ")
        cards[f"{given} {family}_{number}"] = done(f"{given} {family}_{number}", 1.5 + k)
    made = fill_moodle(path, cards, TITLES, "", {})
    found = moodle_import(made.text, strings, {int(number): 5 for number in PEOPLE.values()}, {})
    assert found.grades == {int(number): 1.5 + k for k, number in enumerate(PEOPLE.values())} and found.skipped == []
    assert made.matched.doubts == () and made.notes == []
    assert made.text.count("=HYPERLINK()") == 6, "their own fields stay as they came"


@pytest.mark.parametrize(
    ("heading", "locked"),
    [
        ("Grade can be changed", "No"),
        ("Bewertung kann geändert werden", "Nein"),
        ("La note peut être modifiée", "Non"),
        ("La calificación puede cambiarse", "No"),
        ("La valutazione può essere cambiata", "No"),
        ("A nota pode ser alterada.", "Não"),
        ("Nota pode ser alterada", "Não"),
    ],
)
def test_moodle_locks_a_grade_in_its_language(tmp_path: Path, heading: str, locked: str) -> None:
    """Whose grade cannot be changed is left as they are, in the words of Moodle's language packs."""
    path = worksheet(tmp_path / "w.csv", ENGLISH)
    before, *rows = path.read_text(encoding="utf-8").replace("Grade can be changed", heading).splitlines()
    path.write_text("\n".join([before, rows[0].replace(",Yes,", f",{locked},"), *rows[1:]]) + "\n", encoding="utf-8")
    cards = {f"Participant_{number}": done(f"Participant_{number}", 2.0) for number in PEOPLE.values()}
    made = fill_moodle(path, cards, TITLES, "", {})
    first, *others = map(int, PEOPLE.values())
    assert moodle_import(made.text, ENGLISH, dict.fromkeys((first, *others), 0), {}).grades == dict.fromkeys(others, 2.0)


def test_moodle_with_hidden_names(tmp_path: Path) -> None:
    """Then submissions are called `Participant_11`; a name of another platform with that number is a doubt."""
    path = worksheet(tmp_path / "w.csv", ENGLISH, hidden=True)
    made = fill_moodle(path, {name: done(name, 2.0) for name in ("Participant_11", "doejane_12")}, TITLES, "", {})
    assert moodle_import(made.text, ENGLISH, {11: 0, 12: 0}, {}).grades == {11: 2.0}
    assert made.matched.students == ("doejane_12",) and "another name" in made.matched.doubts[0]


def test_moodle_by_mail_and_undecided(tmp_path: Path) -> None:
    """An e-mail is unique; who is undecided keeps the grade that stands there; a bare number is nobody."""
    path = worksheet(tmp_path / "w.csv", ENGLISH, grades={12: "3.00"})
    waits = card("Zoë Ångström_12", {"a_weights": {"points": None, "verdict": Verdict.UNJUDGED}})
    made = fill_moodle(path, {"mail11@u.edu": done("mail11@u.edu", 2.0), waits.student: waits, "13": done("13")}, TITLES, "", {})
    assert moodle_import(made.text, ENGLISH, {11: 0, 12: 0, 13: 0}, {12: 3.0}).grades == {11: 2.0}
    assert made.undecided == [waits.student] and made.matched.students == ("13",)


def test_moodle_another_language_takes_the_columns_name(tmp_path: Path) -> None:
    """A language that is not known here is refused with the headings, and --column helps; the maximum is compared."""
    strings = {**ENGLISH, "grade": "成績"}
    path = worksheet(tmp_path / "w.csv", strings, maximum="100.00")
    cards = {"Jane Doe_11": done("Jane Doe_11", 2.0)}
    with pytest.raises(PlatformError, match="成績"):
        fill_moodle(path, cards, TITLES, "", {})
    made = fill_moodle(path, cards, TITLES, "成績", {})
    assert moodle_import(made.text, strings, {11: 0}, {}).grades == {11: 2.0}
    assert made.notes == ["Moodle has at most 100 points, the homework 27"]


def test_moodle_other_files_are_refused(tmp_path: Path) -> None:
    """Canvas's gradebook is no worksheet."""
    with pytest.raises(PlatformError, match="is no file of Moodle"):
        fill_moodle(gradebook(tmp_path / "g.csv"), {"11": done("11")}, TITLES, "", {})


def test_moodle_takes_the_feedback(tmp_path: Path) -> None:
    """Each participant whose grade is in the worksheet gets their own page, whatever their name; who is undecided gets none."""
    path, pages = worksheet(tmp_path / "w.csv", ENGLISH), {}
    cards = {}
    for name, number in PEOPLE.items():
        family, given = name.split(", ")
        student = f"{given} {family}_{number}"
        cards[student] = done(student) if number != "16" else card(student)
        pages[student] = tmp_path / number / "my_homework.html"
        pages[student].parent.mkdir()
        pages[student].write_text(f"page of {number}")
    made = fill_moodle(path, cards, TITLES, "", {})
    data = feedback_zip(made, path, pages)
    assert moodle_feedback(data, {11, 12, 13, 14, 15, 16}) == {number: ["my-homework.html"] for number in range(11, 16)}
    assert data == feedback_zip(made, path, pages)


# ---- Gradescope ----


def test_gradescope_takes_the_file(tmp_path: Path) -> None:
    """By e-mail, then by SID; the other assignments and the times stay as they came."""
    path = tmp_path / "g.csv"
    more = ",".join(f"dropout - {name}" for name in ("Max Points", "Submission Time", "Lateness (H:M:S)"))
    head = f"First Name,Last Name,SID,Email,Sections,dropout,{more},hw1"
    rows = [
        "Jane,Doe,s11,jane@u.edu,A,,27.0,2026-11-01,00:00:00,5.0",
        "Анна,Иванова,s13,anna@u.edu,A,,27.0,,,",
        "Rick,Roe,s14,rick@u.edu,A,9.0,27.0,,,",
    ]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    made = fill_gradescope(path, {name: done(name, 12.25) for name in ("JANE@u.edu", "s13", "zoe@u.edu")}, TITLES, "", {})
    found = gradescope_read(made.text)
    grades = {mail: row["dropout"] for mail, row in found.items()}
    assert grades == {"jane@u.edu": "12.25", "anna@u.edu": "12.25", "rick@u.edu": "9.0"}
    assert found["jane@u.edu"]["hw1"] == "5.0" and found["jane@u.edu"]["dropout - Submission Time"] == "2026-11-01"
    assert made.matched.students == ("zoe@u.edu",) and made.matched.people == ("Rick Roe",) and made.notes == []


def test_gradescope_other_files_are_refused(tmp_path: Path) -> None:
    """Another platform's, an e-mail twice, no such column."""
    with pytest.raises(PlatformError, match="is no file of Gradescope"):
        fill_gradescope(gradebook(tmp_path / "g.csv"), {"11": done("11")}, TITLES, "", {})
    path = tmp_path / "twice.csv"
    path.write_text("Name,SID,Email,dropout\nA,1,a@u.edu,\nB,2,A@u.edu,\n", encoding="utf-8")
    with pytest.raises(PlatformError, match="has an e-mail twice"):
        fill_gradescope(path, {"1": done("1")}, TITLES, "", {})
    path.write_text("Name,SID,Email,hw1,hw1 - Max Points\nA,1,a@u.edu,,\n", encoding="utf-8")
    with pytest.raises(PlatformError, match="has no column for"):
        fill_gradescope(path, {"1": done("1")}, TITLES, "", {})
