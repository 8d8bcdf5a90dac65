"""Second readings, how people agree, rubrics that grow, help from outside, what is put aside."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import cli, gradebook
from grading.course import Course
from grading.mark import csv_files
from grading.mark.agreement import Pair, Reading, agreement, people
from grading.mark.decisions import DecisionError, OvertakenError
from grading.mark.desk import Desk
from grading.mark.items import RubricError
from grading.mark.pile import MarkError
from grading.mark.question import Question
from grading.mark.state import Choice
from tests.grading.mark.conftest import Hand, desk_of

CLASS = {f"s{number:02d}": f"answer no. {number}" for number in range(20)}


def read_all(desk: Desk, question: Question, me: str, choice: Choice = Choice(("1",))) -> int:  # noqa: B008
    """Read until nothing waits for this person; returns how many."""
    count, name = 0, ""
    while name := desk.following(question, me, name):
        desk.save(question, me, name, desk.sheet(question, me, name).stamp, choice)
        count += 1
    return count


def points(course: Course) -> dict[str, float | None]:
    """What stands in nbgrader's gradebook."""
    return {row["student"]: row["manual_score"] for row in gradebook.dump(course.db, "mini") if row["cell"] == "b_answer"}


def test_a_share_is_read_twice_and_blind(course: Course, hand: Hand) -> None:
    """The second reader sees nothing of the first; the points stay the first's; the difference is on the page of graders."""
    hand(CLASS)
    desk, question = desk_of(course, share=0.5)
    assert read_all(desk, question, "tom") == 20
    assert desk.following(question, "tom") == ""
    name = desk.following(question, "uma")
    sheet = desk.sheet(question, "uma", name)
    assert (sheet.second, sheet.before, sheet.choice, sheet.remarks, sheet.others) == (True, (), Choice(), (), ())
    count = read_all(desk, question, "uma", Choice(("1", "2", "3")))
    assert 3 <= count <= 17
    assert {*points(course).values()} == {1.0}
    assert desk.following(question, "vic") == ""
    found = desk.graders()
    assert (found.of_all.count, found.of_all.mean_difference, len(found.apart)) == (count, 0.5, count)
    assert [(one.name, one.count, one.mean, one.apart) for one in found.people] == [("tom", 20, 0.5, None)]
    assert found.far == count


def test_whoever_had_it_open_when_another_decided_is_the_second_reader(course: Course, hand: Hand) -> None:
    """They saw nothing of the first, so nothing of it is shown now either; an answer that changed meanwhile is shown anew."""
    hand({"ada": "because"})
    desk, question = desk_of(course, share=1.0)
    name = desk.following(question, "tom")
    seen = desk.sheet(question, "tom", name)
    assert not seen.second
    desk.save(question, "uma", name, desk.sheet(question, "uma", name).stamp, Choice(("1",)))
    assert desk.save(question, "tom", name, seen.stamp, Choice(("1", "2"))).points == 1.5
    assert desk.sheet(question, "tom", name).second and desk.sheet(question, "tom", name).choice == Choice(("1", "2"))
    assert points(course) == {"ada": 1.0} and desk.graders().of_all.count == 1

    hand({"ada": "for another reason"})
    desk, question = desk_of(course, share=1.0)
    desk.save(question, "uma", name, desk.sheet(question, "uma", name).stamp, Choice(("1",)))
    with pytest.raises(OvertakenError):
        desk.save(question, "tom", name, seen.stamp, Choice(("1", "2")))


def test_agreement_of_known_pairs() -> None:
    """Full agreement is 1, none is near 0, opposite is below; the interval holds the value."""

    def pairs(values: list[tuple[float, float]]) -> list[Pair]:
        return [Pair("q", str(at), "t", "u", one, other) for at, (one, other) in enumerate(values)]

    draw = random.Random(0)
    one = [draw.choice([0, 0.5, 1.0]) for _ in range(300)]
    other = [draw.choice([0, 0.5, 1.0]) for _ in range(300)]
    assert agreement(pairs(list(zip(one, one, strict=True)))).kappa == 1.0
    chance = agreement(pairs(list(zip(one, other, strict=True))))
    assert chance.kappa is not None and chance.low is not None and chance.high is not None
    assert abs(chance.kappa) < 0.15 and chance.low < chance.kappa < chance.high
    # by hand: differences 0, 0, 1 of (0, 0), (1, 1), (0, 1): E d² = 1/3; E(x - y')² = 1/3 + 2/3 - 2 * 1/3 * 2/3 = 5/9
    assert agreement(pairs([(0, 0), (1, 1), (0, 1)])).kappa == pytest.approx(1 - (1 / 3) / (5 / 9))
    assert agreement(pairs([])).kappa is None and agreement(pairs([(1, 1)] * 12)).kappa is None


def test_people_beside_each_other() -> None:
    """Means, the difference from others and drift over time, by hand."""
    tom = [Reading("tom", at, share, "q") for at, share in enumerate((0.2, 0.4, 0.6, 0.8))]
    found = people([*reversed(tom), Reading("uma", 9, 1.0, "q")])
    assert [(one.name, one.count, round(one.mean, 6)) for one in found] == [("tom", 4, 0.5), ("uma", 1, 1.0)]
    assert [one.apart for one in found] == [pytest.approx(-0.5), pytest.approx(0.5)]
    assert found[0].drift == pytest.approx(0.4)


def test_who_reads_the_hard_question_is_not_strict() -> None:
    """People are compared on the same questions: an easy one after a hard one is no drift; who reads alone is beside nobody."""
    hard = [Reading(name, at, 0.2, "hard") for at, name in enumerate(("tom", "tom", "uma", "uma"))]
    easy = [Reading(name, 10 + at, 0.9, "easy") for at, name in enumerate(("tom", "uma", "uma", "uma"))]
    tom, uma, vic = people([*hard, *easy, Reading("vic", 1, 0.1, "another"), Reading("vic", 2, 0.7, "another")])
    assert tom.mean < uma.mean
    for one in (tom, uma):
        assert (one.apart, one.drift) == (pytest.approx(0), pytest.approx(0))
    assert (vic.apart, vic.drift) == (None, pytest.approx(0.6))


def test_a_heavier_item_rescores_everybody_who_has_it(course: Course, hand: Hand) -> None:
    """Points by hand stay on top, the formgrader's points stay, every version is kept; what cannot be is refused whole."""
    hand(CLASS)
    desk, question = desk_of(course)
    read_all(desk, question, "tom")
    name = desk.pile(question).name("s00")
    desk.save(question, "tom", name, desk.sheet(question, "tom", name).stamp, Choice(("1",), 0.5, "neat"))
    lines = [("1", 0.5, "adding"), ("2", 1.0, "the formula"), ("3", 0.5, "a reason"), ("", -0.25, "no unit")]
    assert desk.change(question, "lea", lines, 0) == 20
    assert points(course) == {**dict.fromkeys(CLASS, 0.5), "s00": 1.0}
    assert [item.name for item in desk.versions(question)[0].rubric.items] == ["1", "2", "3", "5"]
    assert [version.made_by for version in desk.versions(question)] == ["lea", "the author"]
    assert desk.sheet(question, "tom", name).before[0].kind == "rescored"
    for wrong, seen, error in (
        ([("1", 0.5, "adding")], 1, RubricError),
        ([("1", 2.0, "")], 1, RubricError),
        ([("1", 2.0, "all")], 0, OvertakenError),
        ([("1", 2.0, "all")], 1, DecisionError),  # s00 would have 2.5
    ):
        with pytest.raises(error):
            desk.change(question, "lea", wrong, seen)
    assert len(desk.versions(question)) == 2
    assert points(course) == {**dict.fromkeys(CLASS, 0.5), "s00": 1.0}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "3", "4"]), unique=True), st.sampled_from([-0.5, 0.0, 0.25]))
def test_points_are_the_sum(chosen: list[str], adjust: float) -> None:
    """Of the items that are on, never below 0, and what a person adds."""
    from grading.mark import items
    from tests.grading.mark.conftest import ANSWER

    worth = {"1": 1.0, "2": 0.5, "3": 0.5, "4": -0.5}
    assert items.read(ANSWER).points(chosen, adjust) == max(0.0, sum(worth[name] for name in chosen)) + adjust


def test_answers_go_out_without_names_and_proposals_come_in(course: Course, hand: Hand, tmp_path: Path) -> None:
    """A proposal stands beside the items and counts when somebody takes it; how often they were right is said."""
    hand({"ada lovelace": "=1+1 one", "bob": "two", "cyd": ""})
    desk, question = desk_of(course)
    path = tmp_path / "out.csv"
    assert csv_files.write(desk, path) == 2
    text = path.read_text()
    assert "lovelace" not in text and "bob" not in text and "'=1+1 one" in text and "1: +1 adding to itself" in text
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    for line, chosen in zip(lines, ("1 2", "3"), strict=True):
        line |= {"items": chosen, "comment": f"because {chosen}"}
    write(path, lines)
    assert csv_files.read(desk, path) == 2
    assert {*points(course).values()} == {None}
    first = lines[0]["answer"]
    sheet = desk.sheet(question, "tom", first)
    assert sheet.proposal is not None
    assert (sheet.proposal.items, sheet.proposal.comment, sheet.proposals_right) == (("1", "2"), "because 1 2", (0, 0))
    desk.save(question, "tom", first, sheet.stamp, Choice(sheet.proposal.items))
    assert desk.sheet(question, "tom", lines[1]["answer"]).proposals_right == (1, 1)


def write(path: Path, lines: list[dict[str, str]]) -> None:
    """A file from outside."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": "0" * 16}, "no such answer"),
        ({"question": "mini/mini/x"}, "no such question"),
        ({"items": "1 9"}, "no such item"),
    ],
)
def test_proposals_for_what_is_not_here_are_refused_whole(
    course: Course, hand: Hand, tmp_path: Path, change: dict[str, str], said: str
) -> None:
    """The line is named, and none of the file is taken."""
    hand({"ada": "one", "bob": "two"})
    desk, question = desk_of(course)
    path = tmp_path / "in.csv"
    csv_files.write(desk, path)
    with path.open(newline="") as file:
        lines = [{**line, "items": "1"} for line in csv.DictReader(file)]
    write(path, [lines[0], {**lines[1], **change}])
    with pytest.raises(MarkError) as caught:
        csv_files.read(desk, path)
    assert "1 of 2 proposals" in str(caught.value) and f"line 3: there is {said}" in str(caught.value)
    assert desk.sheet(question, "tom", lines[0]["answer"]).proposal is None
    path.write_text("a,b\n1,2\n")
    with pytest.raises(MarkError, match="has not all columns"):
        csv_files.read(desk, path)


def test_a_students_question_is_a_line_until_somebody_decides(course: Course, hand: Hand) -> None:
    """Whether or not the points change."""
    hand({"ada": "one", "bob": "two"})
    desk, question = desk_of(course)
    read_all(desk, question, "tom")
    name = desk.pile(question).name("ada")
    desk.remark(question, "tom", name, "request", "why not 2?")
    assert [(one.name, one.remark.text) for one in desk.put_aside()] == [(name, "why not 2?")]
    desk.save(question, "lea", name, desk.sheet(question, "lea", name).stamp, Choice(("1",)))
    assert desk.put_aside() == []


def test_the_verb_writes_files_and_rubrics(course: Course, hand: Hand, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--to-csv, --from-csv and --rubric do their work and open no page; what is wrong is said."""
    hand({"ada": "one"})
    desk, question = desk_of(course)
    desk.change(question, "lea", [("1", 1.5, "adding"), ("2", 0.5, "the formula")], 0)
    path = str(tmp_path / "out.csv")
    start = ["--course", str(course.root), "mark", "mini"]
    assert cli.main([*start, "--to-csv", path]) == 0
    assert cli.main([*start, "--from-csv", path]) == 0
    assert cli.main([*start, "--rubric"]) == 0
    said = capsys.readouterr().out
    assert "1 answers, under names that say nothing" in said and "0 proposals" in said
    assert "**Rubric (2 points).** 1.5: adding. 0.5: the formula. Formulas alone count." in said
    assert cli.main([*start, "--from-csv", "nothing.csv"]) == 1
    assert cli.main([*start, "--rubric", "--db", f"sqlite:///{tmp_path}/none.db"]) == 1
    assert cli.main(["--course", str(course.root), "mark", "mino"]) == 1
    errors = capsys.readouterr().err
    assert "cannot be read" in errors and "there is no gradebook" in errors and "mini" in errors


def test_a_gradebook_of_another_course_is_refused(course: Course) -> None:
    """It says what it does not have."""
    with pytest.raises(MarkError, match="does not have the questions"):
        desk_of(course)
