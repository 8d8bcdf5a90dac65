"""What the figures find in a class: the broken test, the misconceptions, what waits, and nothing that is not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from grading import stats
from grading.figures import Figures, Item
from grading.marks import Scorecard, Verdict
from grading.records import CellRun, CellStatus, Execution, Submission, save
from grading.workspace import Workspace
from tests.grading.classes import MISCONCEPTIONS, a_class
from tests.grading.scorecards import SCALING, card


def item(found: Figures, name: str) -> Item:
    """A cell or a part by its name."""
    return next(one for one in (*found.cells, *found.parts) if name in (one.cell or one.part,))


@pytest.mark.parametrize("seed", range(5))
def test_a_test_that_fails_the_best_is_flagged(seed: int) -> None:
    """It alone, in classes of 300 and of 60."""
    for n in (300, 60):
        found = stats.figures(a_class(n, seed, broken="e_weights"))
        flagged = [one.cell for one in found.cells if any("do worse here" in said for said in one.warnings)]
        assert flagged == ["e_weights"], n
        assert (item(found, "e_weights").discrimination.high or 0) < 0


def test_a_test_that_fails_the_best_and_the_weakest() -> None:
    """Its correlation over everybody is above 0, and it is flagged all the same."""
    cards = a_class(300, 3)
    order = sorted(cards, key=lambda one: one.totals.earned + one.totals.bonus)
    rank = {one.student: k for k, one in enumerate(order)}

    def broken(one: Scorecard) -> Scorecard:
        middle = 150 <= rank[one.student] < 210
        marks = [
            replace(mark, points=2.0 * middle, verdict=Verdict.PASSED if middle else Verdict.FAILED)
            if mark.grade_id == "h_adam"
            else mark
            for mark in one.marks
        ]
        return replace(one, marks=tuple(marks))

    found = stats.figures([broken(one) for one in cards])
    assert (item(found, "h_adam").discrimination.value or 0) > 0
    assert [one.cell for one in found.cells if one.warnings and "worse" in one.warnings[0]] == ["h_adam"]


def test_sound_classes_are_not_flagged() -> None:
    """Of 40 sound classes with 11 tests each, none has a test that is said to fail the best."""
    for seed in range(40):
        found = stats.figures(a_class(60, seed))
        assert not [one.cell for one in found.cells if any("worse" in said for said in one.warnings)], seed


def test_counts_add_up() -> None:
    """Everybody who was asked stands in one of five places; a person's points and open checks too."""
    cards = a_class(300, hand={"d_curve": 1.0})
    found = stats.figures(cards)
    assert all(one.counts.all == 300 for one in (*found.cells, *found.parts))
    test = item(found, "d_dropout_test")
    assert test.counts.open == 6 and test.counts.empty == 15
    passed = sum(mark.points == 2 for one in cards for mark in one.marks if mark.grade_id == "d_dropout_test")
    assert test.counts.full == passed
    assert item(found, "d_curve").counts.some == 285
    assert item(found, "a_expression").counts.open == 285


def test_facility_is_the_share_of_the_points() -> None:
    """By hand: 3 of 4 students have the 2 points, and one half of them."""
    cards = [card(str(k)) for k in range(3)]
    cards.append(card("x", {"a_weights": {"points": 1.0, "verdict": Verdict.PARTIAL}}))
    found = item(stats.figures(cards), "a_weights")
    assert found.facility.value == pytest.approx(3.5 / 4) and found.mean == pytest.approx(1.75)
    assert (found.facility.n, found.discrimination.value) == (4, None)


def test_unread_answers_have_no_facility() -> None:
    """Empty answers have their zero before anybody has read anything: those alone are not the class's share."""
    found = stats.figures(a_class(300))
    assert item(found, "a_expression").facility.value is None and item(found, "a_expression").mean is None
    read = stats.figures(a_class(300, hand={"a_expression": 1.0}))
    assert item(read, "a_expression").facility.n == 300


def test_misconceptions_are_counted_once_per_student() -> None:
    """Over all the checks that they show in, however the numbers differ; the most frequent first, with the students' sentence."""
    cards = a_class(300)
    found = stats.figures(cards).mistakes
    wanted = {
        kind["fix"]: len({one.student for one in cards for mark in one.marks if mark.fix == kind["fix"]}) for kind in MISCONCEPTIONS
    }
    named = {one.said: one.students for one in found if one.kind == "named"}
    assert named == wanted
    assert [one.students for one in found] == sorted((one.students for one in found), reverse=True)
    scaling = next(one for one in found if one.said == SCALING["fix"])
    assert scaling.cells == ("d_dropout_train", "d_dropout_test"), "in the author's order"
    assert len(scaling.examples) == 2 and scaling.examples[0].got != scaling.examples[1].got
    assert not any(one.student in str(scaling) for one in cards)


def test_numbers_do_not_make_two_of_one() -> None:
    """Hidden inputs differ from cell to cell; p = .25 and p = .5 are one misconception, Dropout1 and Dropout2 are two."""

    def failed(name: str, fix: str) -> Scorecard:
        return card(name, {"d_dropout_test": {"verdict": Verdict.FAILED, "points": 0.0, "what": "wrong", "fix": fix}})

    cards = [failed("a", "divide by 0.75"), failed("b", "divide by 1e-3"), failed("c", "see Dropout1"), failed("d", "see Dropout2")]
    assert [one.students for one in stats.figures(cards).mistakes] == [2, 1, 1]


def test_errors_and_blanks_are_no_misconceptions() -> None:
    """An exception, a cell that everything follows from, and an empty part are counted under their own names."""
    raised = {"verdict": Verdict.FAILED, "points": 0.0, "what": "ValueError: no", "reason": "x"}
    follows = {"verdict": Verdict.FAILED, "points": 0.0, "cause": "cell setup ended with ImportError", "what": "y"}
    cards = [card("a", {"a_weights": raised}), card("b", {"b_weights": follows, "e_weights": follows})]
    found = {one.said: one.kind for one in stats.figures([*cards, *a_class(20)]).mistakes}
    assert found["ValueError: no"] == "stopped" and found["cell setup ended with ImportError"] == "stopped"
    assert found["part (a) was not answered"] == "empty"


def test_the_sentence_is_the_students_and_the_rest_is_for_staff() -> None:
    """What a hidden test quoted is left out of the sentence that students read, and stands in the examples, as in the table."""
    quoted = {"verdict": Verdict.FAILED, "points": 0.0, "what": "it raised", "got": "⟪seven⟫", "fix": "look at ⟪seven⟫"}
    (found,) = stats.figures([card("a", {"a_weights": quoted})]).mistakes
    assert (found.said, found.examples[0].got) == ("look at …", "seven")


def test_what_waits_says_why() -> None:
    """Written answers by question; what could not be judged by its reason, with who it is."""
    found = stats.figures(a_class(300)).open
    judged = next(one for one in found if one.why == "the trusted process stopped")
    assert judged.students == ("s0007", "s0057", "s0107", "s0157", "s0207", "s0257") and judged.points == 12
    assert any("d_curve" in one.why and "not read yet" in one.why and len(one.students) == 285 for one in found)


def test_times_come_from_the_kept_executions(tmp_path: Path) -> None:
    """The median, the slowest cells; a damaged file and a missing one are left out."""
    work = Workspace(tmp_path, "dropout")
    for k in range(3):
        runs = (CellRun("fast", CellStatus.DONE, seconds=0.1), CellRun("slow", CellStatus.DONE, seconds=float(k)))
        run = Execution("dropout", f"s{k}", "q", runs, seconds=1.0 + k)
        path = work.execution(f"s{k}", "q")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"key\n" + msgspec.json.encode(run))
    work.execution("s3", "q").write_bytes(b"key\n{")
    found = stats.figures([], times=stats.times(work, ["q"], [f"s{k}" for k in range(5)]))
    assert (found.seconds[0].n, found.seconds[0].median, found.seconds[0].most) == (3, 2.0, 3.0)
    assert [one.what for one in found.slow_cells] == ["q: slow", "q: fast"]


def test_sections_from_a_file(tmp_path: Path) -> None:
    """By any column; who is not named is shown as such."""
    path = tmp_path / "sections.csv"
    path.write_text("\ufeffstudent,section\ns0000,A\ns0001,B\ns0002,A\n", encoding="utf-8")
    groups = stats.sections(path, [f"s{k:04d}" for k in range(20)])
    found = {one.name: one.students for one in stats.figures(a_class(20), groups=groups).sections}
    assert found == {"A": 2, "B": 1, "not named": 17}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"name,section\nx,1\n", "has no sections"),
        (b"", "has no sections"),
        (b"student,section\ns0000,1\ns0000,2\n", "names a student twice"),
        (b"student,section\nother,1\n", "names nobody of this class"),
        ("student,section\nJosé,1\n".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_wrong_lists_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """With what was expected, what came and how to mend it."""
    path = tmp_path / "sections.csv"
    path.write_bytes(data)
    with pytest.raises(stats.SectionsError, match=said):
        stats.sections(path, ["s0000"])


def test_the_platform_is_the_notebooks_own_word(tmp_path: Path) -> None:
    """Colab and others leave their name in the metadata; a class in which nobody's notebook says anything has no platforms."""
    work = Workspace(tmp_path, "dropout")
    for name, metadata in {"a": '{"colab": {}}', "b": "{}", "c": "[broken"}.items():
        save(work.submission_record(name), Submission("dropout", name, {"q": "q.ipynb"}))
        work.submission(name).mkdir()
        (work.submission(name) / "q.ipynb").write_text(f'{{"cells": [], "metadata": {metadata}}}')
    assert stats.platforms(work, ["a", "b", "c", "gone"]) == {"platform": {"a": "Colab", "b": "Jupyter"}}
    assert stats.platforms(work, ["b"]) == {}


def test_assignments_are_joined_to_a_homework() -> None:
    """One card per student; parts that two assignments have get their notebook's name in front."""
    other = [replace(card("x"), marks=tuple(replace(mark, notebook="q2") for mark in card("x").marks if mark.part == "a"))]
    (joined,) = stats.one_card_each([[card("x")], other], "hw")
    assert joined.assignment == "hw" and joined.parts[0] == "q_coding_dropout a" and joined.parts[-1] == "q2 a"
    assert joined.totals.earned == card("x").totals.earned + 2


def test_the_empty_class_and_the_class_of_one() -> None:
    """Nothing divides by nothing."""
    assert stats.figures([]).students == 0
    assert stats.figures([card("x")]).mean.value == 1.0
