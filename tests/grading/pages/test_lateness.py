"""What the deadline makes of a class stands beside the points as earned: table, student's page, spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from grading import display, pipeline
from grading import notebook as nb
from grading.collect import collect
from grading.course import Course
from grading.deadline import HandedIn, judge
from grading.marks import Scorecard
from grading.pages import class_table as table_of_class
from grading.pages import export, feedback, lateness, report, texts
from grading.pages.class_list import class_list
from grading.pages.jinja import templates
from grading.pages.page import Setting
from grading.records import save
from grading.release import release
from grading.settings import Assignment
from grading.workspace import Workspace
from tests.grading.conftest import PERFECT, answered
from tests.grading.pages.test_feedback import Page
from tests.grading.scorecards import ASSIGNMENT, the_class
from tests.grading.test_deadline import DUE, RULE, at

GRADED = replace(ASSIGNMENT, deadline=RULE)
TIMES = {"perfect": at(1), "blank": at(0), "forgot_scaling": at(4 * 86_400), "unlucky": HandedIn("", "Canvas", late=True)}


def judged() -> list[Scorecard]:
    """The class by hand, some of whom are late."""
    return [
        replace(card, handed_in=(said := TIMES.get(name, at(-60))), lateness=judge(RULE, name, said))
        for name, card in the_class().items()
    ]


def printed(*cards: Scorecard) -> str:
    """The table of a class, or of one student."""
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(table_of_class(cards, GRADED, 200) if len(cards) > 1 else report.student_table(cards[0]))
    return console.export_text()


def test_the_list_in_a_page_has_a_column_for_who_is_late() -> None:
    """In words, and in days to sort by; none where everybody was on time."""
    found = class_list(judged(), lambda _: ())
    rows = {row.student: (row.late, row.days_late) for row in found.rows}
    assert found.late
    assert rows["perfect"] == ("1 d, 90%", 1)
    assert rows["unlucky"] == ("no time", None)
    assert rows["blank"] == ("", 0)
    text = templates().get_template("index.html.j2").render(title="x", found=found, say=display.number, script="", policy="")
    assert '<button type="button">Late</button>' in text and ">1 d, 90%</td>" in text
    for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL):
        assert len(re.findall("<t[dh][ >]", row)) == len(re.findall("<th ", text[: text.index("<tbody>")])), row
    on_time = class_list(the_class().values(), lambda _: ())
    assert not on_time.late and {row.late for row in on_time.rows} == {""}


def test_the_table_has_a_column_for_who_is_late() -> None:
    """Days and what part counts, no time where nobody knows, nothing for who is on time; the points stay as earned."""
    text = printed(*judged())
    rows = {line.split()[0]: line for line in text.split("\n") if line.split()}
    assert "1 d, 90%" in rows["perfect"] and " 17 " in rows["perfect"]
    assert "4 d, 0%" in rows["forgot_scaling"]
    assert "no time" in text
    assert " d, " not in rows["blank"]
    assert "late" not in printed(*the_class().values())


def test_a_platform_is_told_what_counts() -> None:
    """Every mark of late work by the day's factor, so that the assignments of a homework add up; work on time as it is."""
    for card in judged():
        assert card.lateness is not None
        told, earned = lateness.as_counted(card), export.total(card)
        assert (export.total(told) is None) is (earned is None)
        assert earned is None or export.total(told) == pytest.approx(earned * card.lateness.factor)
        assert (told == card) is (card.lateness.factor == 1 or not any(mark.points for mark in card.marks))
    assert {card.lateness.factor for card in judged() if card.lateness} == {0.0, 0.9, 1.0}


def test_staff_read_the_rule_and_the_doubts() -> None:
    """Below the table: the rule, how many are late, of whom the time is not known, an extension for nobody."""
    lines = lateness.late_lines(judged(), GRADED)
    rule = "taken up to 3 days late, each late day costs 10% of the points"
    assert lines[0] == f"due        2026-12-01 23:59:59 UTC+01:00, {rule}: 2 of {len(judged())} late"
    assert lines[1].startswith("no time    Canvas's download does not say when, but marks the work as late; nothing is taken off: ")
    assert lines[2] == "deadline   names nobody of this class; is it spelled as in this table? eve"
    assert lateness.late_lines(the_class().values(), ASSIGNMENT) == []


def test_one_student_s_table_says_when() -> None:
    """The deadline that counts and the time, both in one zone."""
    cards = {card.student: card for card in judged()}
    assert "handed in 2026-12-02 00:00:00 UTC+01:00, 1 day late: 90% of the points count" in printed(cards["perfect"])
    assert "handed in 2026-12-01 23:59:59 UTC+01:00, on time" in printed(cards["blank"])


@pytest.mark.parametrize(
    ("seconds", "student", "said"),
    [
        (-1, "ada", "Due 2026-12-01 23:59:59 UTC+01:00. Handed in 2026-12-01 23:59:58 UTC+01:00: on time."),
        (1, "ada", "one day late. Of the 24 points so far, 21.6 count."),
        (2 * 86_400, "ada", "2 days late. Of the 24 points so far, 19.2 count."),
        (9 * 86_400, "ada", "9 days late. That is too late to count: of the 24 points so far, 0 count."),
        (1, "eve", "Your extension: until 2026-12-08 23:59:59 UTC+01:00. Handed in 2026-12-02 00:00:00 UTC+01:00: on time."),
        (None, "ada", "Due 2026-12-01 23:59:59 UTC+01:00. When you handed in is not known here, so nothing is taken off"),
    ],
)
def test_a_student_reads_both_numbers(seconds: int | None, student: str, said: str) -> None:
    """What was earned stays the large number; a sentence says what counts, in the student's language."""
    card = the_class()["perfect"]
    marks = [mark for mark in card.marks if not mark.by_hand]
    late = judge(RULE, student, HandedIn("", "Moodle") if seconds is None else at(seconds))
    page = Page(feedback.render(replace(card, marks=tuple(marks), lateness=late), Setting("Dropout")))
    assert said in page.text
    assert " 24 of " in page.text
    german = Page(feedback.render(replace(card, lateness=late), Setting("Dropout", texts=texts.texts("de"))))
    assert "Due" not in german.text and ("Abzugeben bis" in german.text or "Deine Verlängerung" in german.text)


def test_without_a_penalty_late_work_costs_nothing() -> None:
    """Said, not hidden."""
    free = judge(replace(RULE, penalty=0.0), "ada", at(1))
    assert "one day late. That costs no points." in lateness.sentence(replace(the_class()["perfect"], lateness=free), texts.texts())


def test_nothing_handed_in_is_not_late() -> None:
    """Whoever handed in nothing reads that, and nothing of a deadline; without a deadline nobody does."""
    card = the_class()["perfect"]
    gone = replace(card, absent=tuple({mark.notebook for mark in card.marks}), lateness=judge(RULE, "ada", HandedIn()))
    assert lateness.sentence(gone, texts.texts()) == ""
    assert lateness.sentence(card, texts.texts()) == ""


def test_the_spreadsheet_has_both_totals(tmp_path: Path) -> None:
    """Earned in its column as before, counted in a new one; empty where the total is open or the time is not known."""
    done = [replace(card, marks=tuple(mark for mark in card.marks if not mark.by_hand)) for card in judged()]
    path, _ = export.write_csv(done, Workspace(tmp_path, "dropout"))
    with path.open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    late = rows["perfect"]
    assert (late["total"], late["days_late"], late["late_factor"], late["total_counted"]) == ("24", "1", "0.9", "21.6")
    assert (late["due"], late["handed_in"]) == ("2026-12-01T23:59:59+01:00", "2026-12-02T00:00:00+01:00")
    unknown = next(row for row in rows.values() if row["late_doubt"])
    assert (unknown["handed_in"], unknown["days_late"], unknown["late_factor"]) == ("", "", "1")
    path, _ = export.write_csv(the_class().values(), Workspace(tmp_path, "dropout"))
    assert "days_late" not in path.read_text().split("\n")[0]


def test_a_deadline_that_changes_needs_no_new_grading(
    course: Course, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was graded keeps its time; the rule of today is applied when the cards are read."""
    monkeypatch.setattr("grading.gradebook.with_manual_grades", lambda _, cards: list(cards))
    path = course.workspace(assignment).scorecard("ada")
    save(path, replace(the_class()["perfect"], student="ada", handed_in=at(1)))
    for due, days in ((DUE, 1), (DUE + timedelta(days=1), 0), (DUE - timedelta(days=1), 2)):
        (card,) = pipeline.cards(course, replace(assignment, deadline=replace(RULE, due=due, extensions={})))
        assert card.lateness is not None and card.lateness.days == days
    (card,) = pipeline.cards(course, assignment)
    assert card.lateness is None


@pytest.mark.kernel
def test_the_time_comes_from_the_download(course: Course, assignment: Assignment, blank: nb.Notebook) -> None:
    """Collected from Gradescope, graded, and read again: two of one class, one of them a second late."""
    export_of = course.root / "export"
    metadata = ""
    for number, (student, moment) in enumerate((("ada", "2026-12-01 22:59:59 Z"), ("bo", "2026-12-01 15:00:00 -08:00")), 1):
        (export_of / f"submission_{number}").mkdir(parents=True)
        (export_of / f"submission_{number}" / "mini.ipynb").write_text(nb.dump(answered(blank, PERFECT)))
        metadata += f"submission_{number}:\n  :submitters:\n  - :email: {student}\n  :created_at: {moment}\n"
    (export_of / "submission_metadata.yml").write_text(metadata)
    release(course, assignment)
    collect(export_of, course, assignment)
    pipeline.grade(course, assignment)
    cards = pipeline.cards(course, replace(assignment, deadline=replace(RULE, extensions={})))
    assert [(card.student, card.handed_in.by, card.lateness and card.lateness.days) for card in cards] == [
        ("ada", "Gradescope", 0),
        ("bo", "Gradescope", 1),
    ]
