"""An assignment that course.toml no longer has keeps every grade, says so, and gets them back under a new name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from grading import gradebook, mark, pages, pipeline
from grading.course import Course
from grading.gradebook.gone import adopt, unlisted
from grading.mark import tables
from grading.marks import Aside, Scorecard
from grading.settings import Assignment
from tests.grading.gradebook.test_gradebook import SOURCES, card, empty, graded, url, without

__all__ = ["empty", "graded", "url"]  # fixtures


def tiny(found: Scorecard) -> Scorecard:
    """The same card of the assignment's new name."""
    return replace(found, assignment="tiny")


def decided(url: str, name: str) -> dict[tuple[str, str], float | None]:
    """What people gave, by student and cell."""
    return {(row["student"], row["cell"]): row["manual_score"] for row in gradebook.dump(url, name)}


def hand(aside: list[Aside]) -> list[tuple[str, str, str, float | None, str]]:
    """What of it people gave."""
    return [(one.assignment, one.student, one.cell, one.by_hand, one.comment) for one in aside if one.by_hand is not None]


def test_an_assignment_that_is_gone_is_said_and_not_touched(graded: str) -> None:
    """Everything that the gradebook has of it, as long as course.toml does not list it."""
    before = gradebook.dump(graded, "mini")
    assert unlisted(graded, {"mini"}) == []
    found = unlisted(graded, {"other"})
    assert hand(found) == [("mini", "ada", "b_answer", 0.5, "almost")]
    assert len(found) == 6
    gradebook.write(graded, "other", SOURCES, [replace(card("ada"), assignment="other")])
    assert gradebook.dump(graded, "mini") == before
    assert hand(unlisted(graded, {"other"})) == hand(found)


def test_what_was_set_aside_of_an_assignment_that_is_gone_is_said_too(graded: str) -> None:
    """A cell was taken away, then the whole assignment."""
    gradebook.write(graded, "mini", {"mini": without("b_answer")}, [card("ada")])
    assert hand(unlisted(graded, {"other"})) == [("mini", "ada", "b_answer", 0.5, "almost")]


def test_without_a_gradebook_nothing_is_gone(tmp_path: Path) -> None:
    """Nobody was graded yet; nothing is made."""
    missing = f"sqlite:///{tmp_path}/none.db"
    assert unlisted(missing, ()) == []
    adopt(missing, "mini", "tiny")
    mark.adopt(missing, "mini", "tiny")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("graded_before", [False, True])
def test_a_renamed_assignment_takes_over(graded: str, graded_before: bool) -> None:
    """Points, extra credit and comments, whether or not the new name was graded first; doing it twice changes nothing."""
    cards = [tiny(card("ada")), tiny(card("cyd"))]
    if graded_before:
        gradebook.write(graded, "tiny", SOURCES, cards)
    for _ in range(2):
        adopt(graded, "mini", "tiny")
        gradebook.write(graded, "tiny", SOURCES, cards)
        assert decided(graded, "tiny")["ada", "b_answer"] == 0.5
        (given,) = (one for one in gradebook.with_manual_grades(graded, cards)[0].marks if one.grade_id == "b_answer")
        assert (given.points, given.comment, given.again) == (0.5, "almost", False)
        assert {one.student for one in gradebook.set_aside(graded, "tiny")} == {"bob"}  # not in the class any more: kept
        assert unlisted(graded, {"tiny"}) == []
    with gradebook.opened(graded) as book:
        assert [found.name for found in book.assignments if found.name in ("mini", "tiny")] == ["tiny"]


def test_what_was_graded_under_the_new_name_stays(graded: str) -> None:
    """A person's newer points are not overwritten by the older ones, which stay aside."""
    gradebook.write(graded, "tiny", SOURCES, [tiny(card("ada"))])
    with gradebook.opened(graded) as book:
        grade = book.find_grade("b_answer", "mini", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        book.db.commit()
    adopt(graded, "mini", "tiny")
    gradebook.write(graded, "tiny", SOURCES, [tiny(card("ada"))])
    assert decided(graded, "tiny")["ada", "b_answer"] == 1.0
    assert hand(gradebook.set_aside(graded, "tiny")) == [("tiny", "ada", "b_answer", 0.5, "almost")]


def test_an_answer_that_has_changed_since_is_asked_about_again(graded: str) -> None:
    """The work was handed in anew under the new name: a person looks once more."""
    adopt(graded, "mini", "tiny")
    gradebook.write(graded, "tiny", SOURCES, [tiny(card("ada", answer="another"))])
    row = next(row for row in gradebook.dump(graded, "tiny") if (row["student"], row["cell"]) == ("ada", "b_answer"))
    assert (row["manual_score"], row["needs_manual_grade"]) == (0.5, True)


def test_a_cell_that_the_new_assignment_lacks_stays_aside(graded: str) -> None:
    """Renamed, and one task fewer."""
    adopt(graded, "mini", "tiny")
    gradebook.write(graded, "tiny", {"mini": without("b_answer")}, [tiny(card("ada"))])
    assert hand(gradebook.set_aside(graded, "tiny")) == [("tiny", "ada", "b_answer", 0.5, "almost")]


def test_what_was_aside_before_comes_along(graded: str) -> None:
    """A cell was taken away, then the assignment renamed, then the cell comes back: so do its points."""
    gradebook.write(graded, "mini", {"mini": without("b_answer")}, [card("ada")])
    adopt(graded, "mini", "tiny")
    gradebook.write(graded, "tiny", {"mini": without("b_answer")}, [tiny(card("ada"))])
    assert hand(gradebook.set_aside(graded, "tiny")) == [("tiny", "ada", "b_answer", 0.5, "almost")]
    gradebook.write(graded, "tiny", SOURCES, [tiny(card("ada"))])
    assert decided(graded, "tiny")["ada", "b_answer"] == 0.5


def test_what_readers_decided_is_copied_once(graded: str) -> None:
    """Decisions, remarks and the like are there under both names; a question that was read under the new one keeps that."""
    tables.create(graded)
    base = {"notebook": "mini", "student": "ada", "made_by": "kim", "made_at": 1.0}
    more = {
        "items": "[]",
        "adjust": 0.0,
        "reason": "",
        "comment": "",
        "points": 1.0,
        "answer": "",
        "text": "",
        "batch": "",
        "kind": "",
    }
    remark = {"id": "1", "assignment": "mini", "cell": "b_answer", **base, "kind": "", "text": "see me"}
    with gradebook.changing(graded) as connection:
        for cell, name, version in (("b_answer", "mini", 1), ("b_answer", "mini", 2), ("x", "mini", 1), ("x", "tiny", 1)):
            connection.execute(
                insert(tables.decisions), {"assignment": name, "cell": cell, "version": version, **base, **more, "reason": name}
            )
        connection.execute(insert(tables.remarks), remark)
        connection.execute(insert(tables.requests), {"id": "1", "given": 0.5, "comment": "please look again"})
    for _ in range(2):
        mark.adopt(graded, "mini", "tiny")
        with gradebook.looking(graded) as connection:
            decisions = connection.execute(select(tables.decisions).where(tables.decisions.c.assignment == "tiny")).mappings().all()
            remarks = connection.execute(select(tables.remarks.c.text).where(tables.remarks.c.assignment == "tiny")).all()
            olds = connection.execute(select(tables.decisions).where(tables.decisions.c.assignment == "mini")).all()
            joined = select(tables.remarks.c.assignment, tables.requests.c.given).join_from(
                tables.remarks, tables.requests, tables.remarks.c.id == tables.requests.c.id
            )
            asked = connection.execute(joined).all()
        said = sorted((row["cell"], row["version"], row["reason"]) for row in decisions)
        assert said == [("b_answer", 1, "mini"), ("b_answer", 2, "mini"), ("x", 1, "tiny")]
        assert [text for (text,) in remarks] == ["see me"]
        assert len(olds) == 3
        assert sorted(map(tuple, asked)) == [("mini", 0.5), ("tiny", 0.5)]


def test_staff_are_told(graded: str, course: Course, assignment: Assignment) -> None:
    """By every verb that says what is aside, with what to write; the export has the rows."""
    renamed = replace(assignment, name="tiny")
    course = replace(course, db=graded, assignments={"tiny": renamed})
    gradebook.write(graded, "tiny", SOURCES, [tiny(card("ada"))])
    aside = pipeline.set_aside(course, renamed)
    lines = pages.aside_lines(aside, "tiny")
    assert lines[0] == "set aside: course.toml no longer has the assignment mini; kept of 2 students, 1 by hand, in aside.csv, too"
    assert 'formerly = "mini"' in lines[1]
    (path,) = pages.write_aside(aside, course.workspace(renamed))
    assert "ada,mini,b_answer,,0.5,1,almost,mini" in path.read_text().splitlines()


def test_the_old_name_of_an_assignment_that_is_still_there_is_refused(course: Course, assignment: Assignment) -> None:
    """Two assignments cannot both have the grades."""
    both = replace(course, assignments={"mini": assignment, "tiny": replace(assignment, name="tiny", formerly="mini")})
    with pytest.raises(pipeline.PipelineError, match="formerly = 'mini', which course"):
        pipeline._take_over(both, both.assignments["tiny"])
