"""The sample class, end to end: release, collection, sandbox, scores, gradebook, and the same points from stock nbgrader."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import course as courses
from grading import gradebook, pipeline
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard, Verdict
from grading.pages import export, feedback
from grading.release import handout
from grading.source import read_source
from tests.submissions import recipes

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "submissions" / "dropout"
CASES = sorted(path.name for path in SAMPLE.iterdir() if path.is_dir())
MORE = ROOT / "tests" / "submissions" / "dropout_more"  # for the long run
MORE_CASES = sorted(path.name for path in MORE.iterdir() if path.is_dir())
HONEST = ("perfect", "blank", "right-by-formula", "forgot-scaling", "one-part-wrong", "syntax-error", "no-record")
STOCK = ("one-part-wrong", "syntax-error")  # whom stock nbgrader grades in `make test`: full, no and partial points, and an error

pytestmark = [pytest.mark.slow, pytest.mark.kernel]


@pytest.fixture(scope="module")
def course(parents: None, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This repository's course, with a build folder of its own."""
    build = tmp_path_factory.mktemp("class") / "build"
    return replace(courses.load(ROOT / "course.toml"), build=build, db=f"sqlite:///{build}/gradebook.db")


@pytest.fixture(scope="module")
def cards(course: Course) -> dict[str, Scorecard]:
    """The class, graded once for all tests of this file."""
    assignment = course.assignments["dropout"]
    handout.release(course, assignment)
    collection.collect(SAMPLE, course, assignment)
    return {card.student: card for card in pipeline.grade(course, assignment)}


@pytest.fixture(scope="module")
def more_cards(parents: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scorecard]:
    """The other cases, graded once."""
    build = tmp_path_factory.mktemp("more") / "build"
    course = replace(courses.load(ROOT / "course.toml"), build=build, db=f"sqlite:///{build}/gradebook.db")
    assignment = course.assignments["dropout"]
    handout.release(course, assignment)
    collection.collect(MORE, course, assignment)
    return {card.student: card for card in pipeline.grade(course, assignment)}


def expected(case: str) -> dict[str, object]:
    """What the author of a case says must come out."""
    return dict(json.loads((recipes.folder_of(case) / "expected.json").read_text(encoding="utf-8")))


def test_enough_cases() -> None:
    """Every case has a recipe, every recipe a case; at least eighteen, and twelve of them in the class that `make` grades."""
    assert {*CASES, *MORE_CASES} == set(recipes.CASES)
    assert not {*CASES} & {*MORE_CASES}
    assert len(CASES) >= 12 and len(recipes.CASES) >= 18


@pytest.mark.parametrize("case", [*CASES, *MORE_CASES])
def test_case_is_what_its_recipe_makes(case: str) -> None:
    """The committed submission is exactly what its recipe makes of today's release (else: python -m tests.submissions.recipes)."""
    course = courses.load(ROOT / "course.toml")
    source = read_source(course, course.assignments["dropout"], recipes.NAME)
    made = recipes.files(recipes.CASES[case], source)
    found = {
        path.name: path.read_text(encoding="utf-8") for path in recipes.folder_of(case).iterdir() if path.name != "expected.json"
    }
    assert found.keys() == made.keys()
    assert [name for name in made if made[name] != found[name]] == []


@pytest.mark.parametrize("case", CASES)
def test_case_is_graded_as_expected(case: str, cards: dict[str, Scorecard]) -> None:
    """Points, verdict and reason of every cell are those of expected.json."""
    check_card(case, cards[case])


@pytest.mark.long
@pytest.mark.parametrize("case", MORE_CASES)
def test_more_cases_are_graded_as_expected(case: str, more_cards: dict[str, Scorecard]) -> None:
    """The same for those that are not in the class that `make` grades."""
    check_card(case, more_cards[case])


def check_card(case: str, card: Scorecard) -> None:
    """A card against its expected.json."""
    want = expected(case)
    cells = dict(want["cells"])  # type: ignore[call-overload]
    wrong = []
    for mark in card.marks:
        cell = cells.pop(mark.grade_id, None)
        if cell is None and not mark.by_hand and (mark.verdict, mark.points) != (Verdict.PASSED, mark.max_points):
            wrong.append((mark.grade_id, mark.verdict, mark.points, mark.reason))
        if cell is not None and (
            (mark.verdict, mark.points) != (cell["verdict"], cell["points"]) or cell["says"] not in mark.reason
        ):
            wrong.append((mark.grade_id, mark.verdict, mark.points, mark.reason))
    assert wrong == []
    assert cells == {}, "expected.json names cells that do not exist"
    notes = "\n".join((*card.flags, *card.notes))
    assert [phrase for phrase in want["notes"] if phrase not in notes] == []  # type: ignore[attr-defined]


def test_perfect_and_blank(cards: dict[str, Scorecard]) -> None:
    """The author's answers get all automatic points, required and bonus, and the untouched release gets none."""
    right, blank = cards["perfect"].totals, cards["blank"].totals
    for earned, possible in ((right.earned, right.possible), (right.bonus, right.bonus_possible)):
        assert earned == possible > 0
    assert (blank.earned, blank.bonus) == (0, 0)


def test_honest_notes_are_empty(cards: dict[str, Scorecard]) -> None:
    """Nobody is accused of anything who did nothing."""
    assert {name: found for name in HONEST if (found := (*cards[name].flags, *cards[name].notes))} == {}


def test_feedback_shows_no_hidden_test(course: Course, cards: dict[str, Scorecard]) -> None:
    """No page holds a line of a hidden test, and every misconception of the class is named on its page."""
    assignment = course.assignments["dropout"]
    hidden = [
        line.strip()
        for cell in read_source(course, assignment, recipes.NAME)["cells"]
        for line in cell["source"].partition("### BEGIN HIDDEN TESTS")[2].partition("### END HIDDEN TESTS")[0].split("\n")
        if line.strip().startswith(("checks.", "for ", "share", "copied", "gaps"))
    ]
    assert len(hidden) > 15
    setting = feedback.setting(course, assignment)
    for card in cards.values():
        page = feedback.write_page(card, course.workspace(assignment), setting).read_text(encoding="utf-8")
        assert [line for line in hidden if line in page] == []
    said = (course.build / "dropout" / "feedback" / "forgot-scaling" / "dropout.html").read_text(encoding="utf-8")
    assert "divide them by 1 - p" in said


def test_export_has_everybody(course: Course, cards: dict[str, Scorecard]) -> None:
    """The CSV has one row per student."""
    written = export.write_csv(cards.values(), course.workspace(course.assignments["dropout"]))
    rows = written[0].read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == CASES


def test_formgrader_sees_the_class(course: Course, cards: dict[str, Scorecard]) -> None:
    """Nbgrader's own API, on which its formgrader stands, lists the submissions with our points and opens the notebooks."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course.build.parent)
    config.CourseDirectory.autograded_directory = "build/autograded"
    config.CourseDirectory.source_directory = str(course.notebooks)
    config.CourseDirectory.db_url = course.db
    listed = {row["student"]: row for row in NbGraderAPI(CourseDirectory(config=config), config=config).get_submissions("dropout")}
    assert sorted(name for name, row in listed.items() if row["autograded"]) == CASES
    assert {
        case for case in CASES if not (course.build / "autograded" / case / "dropout" / f"{recipes.NAME}.ipynb").is_file()
    } == set()
    assert listed["not-json"]["needs_manual_grade"] is True
    assert listed["perfect"]["score"] == cards["perfect"].totals.earned + cards["perfect"].totals.bonus
    assert listed["perfect"]["needs_manual_grade"] is True


def stock_course(root: Path, cases: Sequence[str]) -> Path:
    """A course that only stock nbgrader has touched: generated, handed in by some honest cases, autograded."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copy(ROOT / "course.toml", root)
    shutil.copytree(ROOT / "notebooks" / "dropout", root / "notebooks" / "dropout")
    for case in cases:
        folder = root / "build" / "nbgrader" / "submitted" / case / "dropout"
        folder.mkdir(parents=True)
        for file in (SAMPLE / case).iterdir():
            if file.name != "expected.json":
                shutil.copy(file, folder)
    nbgrader(root, "generate_assignment", "dropout")
    nbgrader(root, "autograde", "dropout")
    return root


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stock nbgrader's course with a few honest cases."""
    return stock_course(tmp_path_factory.mktemp("stock"), STOCK)


@pytest.fixture(scope="module")
def stock_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with every honest case."""
    return stock_course(tmp_path_factory.mktemp("stock-of-all"), HONEST)


def nbgrader(root: Path, *arguments: str) -> str:
    """Run stock nbgrader; returns what it printed."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def same_points(stock: Path, course: Course, cases: Sequence[str]) -> bool:
    """Whether stock nbgrader's gradebook holds the same rows as ours; what we leave to a person it knows as no points."""
    theirs = gradebook.dump(f"sqlite:///{stock}/build/gradebook.db", "dropout")
    ours = [row for row in gradebook.dump(course.db, "dropout") if row["student"] in cases]
    assert len(theirs) == len(cases) * 19
    for row in ours:
        cells: Any = expected(row["student"])["cells"]
        if cells.get(row["cell"], {}).get("verdict") == "UNJUDGED":
            assert (row["auto_score"], row["needs_manual_grade"]) == (None, True)
            row |= {"auto_score": 0.0, "needs_manual_grade": False}
    return theirs == ours


def test_stock_nbgrader_gives_the_same_points(stock: Path, course: Course, cards: dict[str, Scorecard]) -> None:
    """For honest submissions `nbgrader autograde` writes the same automatic scores as we do, cell by cell."""
    assert same_points(stock, course, STOCK)


@pytest.mark.long
def test_stock_nbgrader_gives_all_the_same_points(stock_of_all: Path, course: Course, cards: dict[str, Scorecard]) -> None:
    """The same for every honest case of the class."""
    assert same_points(stock_of_all, course, HONEST)


def test_stock_nbgrader_makes_the_same_release(stock: Path, course: Course, cards: dict[str, Scorecard]) -> None:
    """`nbgrader generate_assignment` and `hw release` give students the same cells; ours have one of Jupyter's tags more."""

    def cells(path: Path) -> list[tuple[str, str, object]]:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            assert cell["metadata"].pop("tags", []) in ([], ["raises-exception"])
        return [(cell["cell_type"], "".join(cell["source"]), cell["metadata"]) for cell in notebook["cells"]]

    name = f"{recipes.NAME}.ipynb"
    theirs = cells(stock / "build" / "nbgrader" / "release" / "dropout" / name)
    assert theirs == cells(course.build / "dropout" / "release" / name)


@pytest.mark.long
def test_stock_nbgrader_validates_and_writes_feedback(stock_of_all: Path) -> None:
    """`nbgrader validate` is content with the perfect notebook, and `generate_feedback` runs on what was autograded."""
    stock = stock_of_all
    folder = stock / "build" / "nbgrader" / "submitted" / "perfect" / "dropout"
    said = nbgrader(folder, "validate", f"{recipes.NAME}.ipynb")
    assert "Success! Your notebook passes all the tests." in said
    nbgrader(stock, "generate_feedback", "dropout", "--student=perfect")
    assert (stock / "build" / "nbgrader" / "feedback" / "perfect" / "dropout" / f"{recipes.NAME}.html").is_file()
