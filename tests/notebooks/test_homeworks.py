"""The homeworks of course.toml ask what their sources ask, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading.source import read_all

COURSE = courses.load(Path(__file__).parents[2] / "course.toml")
# the questions of each source, in its order, and the notebooks that ask them; those "for reference" are a bonus here
QUESTIONS = {
    "hw4_spring2023": {
        "Dropout": ["dropout/q_coding_dropout"],
        "Regularization and dropout": ["written/regularization"],
        "Weights and gradients in a CNN": ["written_hw4/cnn_gradients"],
        "Edge detection": ["edge_detection/EdgeDetection"],
        "GPU memory": ["gpu_memory/GPUMemory"],
        "Process": ["written/process"],
    },
    "hw5_fall2025": {
        "Convolutional networks": ["written_hw5/conv_basics"],
        "Depthwise separable convolutions": ["written_hw5/conv_basics"],
        "Batch norm for CNNs": ["written_hw5/normalization"],
        "Regularization and dropout": ["written/regularization"],
        "Dropout": ["dropout/q_coding_dropout"],
        "Batch norm, dropout, CNN in code": ["bn_drop_cnn/bn_drop", "bn_drop_cnn/cnn", "bn_drop_cnn/pytorch_cnn"],
        "Process": ["written/process"],
        "For reference: multiplicative regularization": ["written_hw5/multiplicative"],
        "For reference: batch normalization figures": ["written_hw5/bn_figures"],
    },
}


@pytest.mark.parametrize("homework", QUESTIONS)
def test_a_homework_asks_the_questions_of_its_source(homework: str) -> None:
    """Its notebooks are those of its questions, in the order in which the source asks; every one of them is sound."""
    asked = dict.fromkeys(notebook for notebooks in QUESTIONS[homework].values() for notebook in notebooks)
    assert list(COURSE.homeworks[homework]) == list(asked)
    found = [f"{one.name}/{source.name}" for one in COURSE.named(homework) for source in read_all(COURSE, one)]
    assert sorted(found) == sorted(asked)


def test_there_are_no_other_homeworks() -> None:
    """Every homework of the course is held against its source above."""
    assert set(COURSE.homeworks) == set(QUESTIONS)


def test_what_is_for_reference_is_a_bonus() -> None:
    """Its parts count on top; (i) of dropout, which both sources require, does not."""
    assert COURSE.assignments["written_hw5"].optional == ("g", "h", "m")
    assert "i" not in COURSE.assignments["dropout"].optional


TABLE = (Path(__file__).parents[2] / "docs" / "instructors.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (hw\w+(?:, hw\w+)*) \| (.+?) \| (\w+/\w+) \| (.+) \|$", TABLE, re.MULTILINE)


def asked_in(homework: str) -> dict[str, list[str]]:
    """Notebook -> the cells that docs/instructors.md names for this homework."""
    found: dict[str, list[str]] = {}
    for homeworks, _, notebook, cells in ROWS:
        if homework in homeworks.split(", "):
            found.setdefault(notebook, []).extend(re.findall(r"`(\w+)`", cells))
    return found


@pytest.mark.parametrize("homework", QUESTIONS)
def test_the_table_says_where_every_question_is_asked(homework: str) -> None:
    """Its notebooks are the homework's; its cells exist, and all cells in which students answer or measure are in it, each once."""
    table = asked_in(homework)
    assert sorted(table) == sorted(COURSE.homeworks[homework])
    for one in COURSE.named(homework):
        for source in read_all(COURSE, one):
            ids = [cell["id"] for cell in source.notebook["cells"] if nb.is_solution(cell) or cell["id"].endswith("_record")]
            assert sorted(table[f"{one.name}/{source.name}"]) == sorted(ids), source.name


@pytest.mark.parametrize("homework", QUESTIONS)
def test_no_cell_with_points_belongs_to_another_question(homework: str) -> None:
    """Whatever is worth points stands in a part that the table names, so nobody is charged for what the homework does not ask."""
    table = asked_in(homework)
    for one in COURSE.named(homework):
        for source in read_all(COURSE, one):
            of = nb.parts(source.notebook)
            parts = {of.get(cell, cell.partition("_")[0]) for cell in table[f"{one.name}/{source.name}"]}
            assert {nb.part(cell) for cell in source.notebook["cells"] if nb.is_grade(cell)} <= parts, source.name
