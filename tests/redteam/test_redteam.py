"""For no attack may a point rise that was not earned, another student change, the batch stop, or anything get out.

Every attacker is graded in one class, beside an honest student and a blank hand-in, by the pipeline that grades real ones.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from rich.console import Console

from grading import gradebook, sandbox
from grading.marks import Verdict
from grading.pages import export, report
from grading.pages.class_table import class_table
from tests.redteam import harness, watch
from tests.redteam.assignment import CANARY, NAME, TESTS
from tests.redteam.attack import load_all
from tests.redteam.harness import BLANK, NEIGHBOUR, Aftermath

ATTACKS = load_all()

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
each = pytest.mark.parametrize("name", ATTACKS)


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """The class of all attackers, graded once."""
    return harness.let_loose(tmp_path_factory.mktemp("redteam"), ATTACKS)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """The same class without an attacker in it."""
    return harness.grade_quietly(tmp_path_factory.mktemp("quiet"))


# ---- each attack ----


@each
def test_it_earns_what_it_computed_and_no_more(name: str, aftermath: Aftermath) -> None:
    """No graded cell is worth more than the attack's honest part of it."""
    seen = aftermath.seen(ATTACKS[name])
    too_much = {cell: got for cell, got in seen.points().items() if got > ATTACKS[name].earns.get(cell, 0.0)}
    assert too_much == {}, ATTACKS[name].about


@each
def test_it_never_saw_the_hidden_tests(name: str, aftermath: Aftermath) -> None:
    """The text of a hidden test stands neither in what the student gets nor in anything that the student's cells said."""
    seen = aftermath.seen(ATTACKS[name])
    assert CANARY not in seen.page
    assert CANARY not in seen.outputs(of_tests=False)


@each
def test_its_page_runs_nothing(name: str, aftermath: Aftermath) -> None:
    """The feedback page has no part that would run, load or send something, and no control characters."""
    page = aftermath.seen(ATTACKS[name]).page
    assert watch.active_parts(page) == []
    assert not [char for char in page if (ord(char) < 32 and char != "\n") or char in "\x7f\x9b\u202e\u2066"]


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.person])
def test_a_person_looks_at_it(name: str, aftermath: Aftermath) -> None:
    """What could not be graded is not a silent zero."""
    marks = [mark for mark in aftermath.seen(ATTACKS[name]).card.marks if not mark.by_hand]
    assert {mark.verdict for mark in marks} == {Verdict.UNJUDGED}
    assert all(mark.reason for mark in marks)


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.check])
def test_what_its_own_file_demands(name: str, aftermath: Aftermath) -> None:
    """The further things that an attack's own module says must hold."""
    check = ATTACKS[name].check
    assert check is not None
    check(aftermath.seen(ATTACKS[name]))


# ---- everybody else ----


@pytest.mark.parametrize("student", [NEIGHBOUR, BLANK])
def test_the_others_are_graded_as_if_alone(student: str, aftermath: Aftermath, undisturbed: Aftermath) -> None:
    """The honest student and the blank hand-in have the marks, reasons and notes of an undisturbed class."""
    assert aftermath.cards[student] == undisturbed.cards[student]


def test_honest_work_has_its_points(undisturbed: Aftermath) -> None:
    """The tests of this homework can be passed, and not by doing nothing."""
    totals = undisturbed.cards[NEIGHBOUR].totals
    assert (totals.earned, totals.possible) == (15.0, 15.0)
    totals = undisturbed.cards[BLANK].totals
    assert (totals.earned, totals.possible) == (0.0, 15.0)
    assert not [mark for card in undisturbed.cards.values() for mark in card.marks if mark.verdict is Verdict.UNJUDGED]


def test_the_batch_came_to_its_end(aftermath: Aftermath) -> None:
    """Everybody has a scorecard, nobody has one who did not hand in."""
    assert set(aftermath.cards) == {attack.filed_as for attack in ATTACKS.values()} | {NEIGHBOUR, BLANK}


def test_the_gradebook_says_the_same(aftermath: Aftermath) -> None:
    """Nothing but the scorecards reached nbgrader's database."""
    rows = {(row["student"], row["cell"]): row for row in gradebook.dump(aftermath.course.db, NAME)}
    marks = {(card.student, mark.grade_id): mark for card in aftermath.cards.values() for mark in card.marks}
    assert rows.keys() == marks.keys()
    assert [key for key in rows if rows[key]["auto_score"] != marks[key].points or rows[key]["manual_score"] is not None] == []


# ---- the machine ----


def test_no_file_outside_changed(aftermath: Aftermath) -> None:
    """The course, the class, the other folders around it and the places where anybody may write are as they were."""
    assert aftermath.before and aftermath.after == aftermath.before
    places = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home(), Path.cwd(), aftermath.course.build)
    assert [path for place in places for path in place.glob("*PWNED*")] == []


def test_nothing_lives_on(aftermath: Aftermath) -> None:
    """No process of any attacker is left, and the bystander was not touched."""
    assert aftermath.alive == []
    assert aftermath.bystander_lives


def test_nobody_called(aftermath: Aftermath) -> None:
    """No attacker reached the network or a socket of this machine."""
    assert aftermath.calls == []


# ---- what staff open ----


def test_a_spreadsheet_runs_nothing(aftermath: Aftermath) -> None:
    """No field of the CSV files starts like a formula, and the rows are whole."""
    paths = export.write_csv(aftermath.cards.values(), aftermath.course.workspace(aftermath.course.assignments[NAME]))
    for path in paths:
        rows = list(csv.reader(io.StringIO(path.read_text())))
        assert len({len(row) for row in rows}) == 1
        for field in (field for row in rows for field in row):
            number = field.replace(".", "", 1).isdigit()
            assert number or not field.startswith(("=", "+", "-", "@", "\t", "\r")), field


def test_a_terminal_is_not_steered(aftermath: Aftermath) -> None:
    """The tables hold no escape sequence and no other control character, whatever names and messages hold."""
    text = io.StringIO()
    console = Console(file=text, width=200, color_system=None)
    cards = list(aftermath.cards.values())
    console.print(class_table(cards, aftermath.course.assignments[NAME], console.width))
    for card in cards:
        console.print(report.student_table(card))
    assert [char for char in text.getvalue() if (ord(char) < 32 and char != "\n") or char in "\x7f\x9b\u202e\u2066"] == []


# ---- the harness itself ----

# quick attacks of every kind that beat tests which run in the student's own process
BEAT_ONE_PROCESS = (
    *("ast_transformers", "forged_channel", "input_transformers", "lying_ndarray", "lying_numbers", "modifies_its_input"),
    *("patched_json", "random_numbers_foreseen", "replace_run_cell", "settrace_rewrites_arguments"),
)


@pytest.mark.parametrize(
    "names", [BEAT_ONE_PROCESS[:3], pytest.param(BEAT_ONE_PROCESS, marks=pytest.mark.long)], ids=["three", "all"]
)
def test_the_attacks_are_real(names: tuple[str, ...], tmp_path: Path) -> None:
    """Where the same tests run in the student's process, these earn points that they did not compute, and are seen to."""
    attacks = {name: ATTACKS[name] for name in names}
    unsafe = harness.let_loose(tmp_path, attacks, together=TESTS)
    seen = {name: unsafe.seen(attack).points() for name, attack in attacks.items()}
    honest = [name for name in seen if all(got <= attacks[name].earns.get(cell, 0.0) for cell, got in seen[name].items())]
    assert honest == []
    totals = unsafe.cards[NEIGHBOUR].totals
    assert (totals.earned, totals.possible) == (15.0, 15.0)


def test_it_refuses_to_start_without_a_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no sandbox can be had, nothing is written and nothing is run."""

    def refuse() -> None:
        raise sandbox.SandboxError("there is none")

    monkeypatch.setattr(sandbox, "check", refuse)
    for start in (lambda: harness.let_loose(tmp_path, ATTACKS), lambda: harness.grade_quietly(tmp_path)):
        with pytest.raises(pytest.fail.Exception, match="does not start without a sandbox"):
            start()
    assert list(tmp_path.iterdir()) == []


def test_there_are_enough_attacks_and_each_says_what_it_is() -> None:
    """At least forty, each with a docstring that says what it tries and what must happen, no two of one name."""
    assert len(ATTACKS) >= 40
    assert [name for name, attack in ATTACKS.items() if attack.about.count(".") < 2] == []
    assert len({attack.filed_as for attack in ATTACKS.values()}) == len(ATTACKS)
