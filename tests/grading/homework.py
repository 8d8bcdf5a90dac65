"""A homework of two assignments, as `hw grade` leaves it, without running anybody's code."""

from __future__ import annotations

from pathlib import Path

from grading import course as courses
from grading import gradebook
from grading import notebook as nb
from grading.course import Course
from grading.marks import Mark, Scorecard, Verdict
from grading.records import save
from tests.grading.conftest import COURSE, MINI

SECOND = """
[assignments.other]
title = "Another homework"
notebooks = ["other"]
[homeworks]
hw5 = ["mini/mini", "other/other"]
"""


def graded_homework(root: Path) -> Course:
    """Ann and bob in `mini` and `other`, together `hw5`; of bob's second one a test could not be judged."""
    (root / "course.toml").write_text(COURSE + SECOND)
    made = courses.load(root / "course.toml")
    for name in ("mini", "other"):
        (root / "notebooks" / name).mkdir(parents=True)
        (root / "notebooks" / name / f"{name}.ipynb").write_text(nb.dump(MINI))
        cards = [_card(name, "ann", 2.0), _card(name, "bob", None if name == "other" else 1.0)]
        gradebook.write(made.db, name, {name: MINI}, cards)
        for card in cards:
            save(made.workspace(made.assignments[name]).scorecard(card.student), card)
    return made


def _card(name: str, student: str, points: float | None) -> Scorecard:
    verdict = Verdict.UNJUDGED if points is None else Verdict.PARTIAL
    return Scorecard(
        name,
        student,
        (
            Mark("a_double_test", name, "a", points, 2.0, verdict),
            Mark("b_answer", name, "b", 0.0, 1.0, Verdict.BY_HAND, answered=False),
            Mark("c_count_test", name, "c", 3.0, 3.0, Verdict.PASSED),
        ),
    )
