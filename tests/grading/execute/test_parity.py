"""The author's own notebook, tests in one process with the answers and apart, before a release."""

from __future__ import annotations

import copy

import pytest

from grading import execute
from grading import notebook as nb
from grading.course import Course
from grading.files import write_text
from grading.release import handout
from grading.settings import Assignment
from tests.grading.conftest import MINI


@pytest.mark.kernel
def test_a_test_may_use_what_is_withheld_from_answers(course: Course, assignment: Assignment) -> None:
    """Students' answers cannot have `layers/dropout.py`; a hidden test can, in both of the author's runs."""
    source = copy.deepcopy(MINI)
    source["cells"][3]["source"] += (
        "\n### BEGIN HIDDEN TESTS\nimport numpy as np\nfrom hw_lib.layers.dropout import dropout_forward\n"
        "assert dropout_forward(np.ones(3), {'p': 0.5, 'mode': 'test'})[0].sum() == 3\n### END HIDDEN TESTS"
    )
    (course.notebooks / "mini" / "mini.ipynb").write_text(nb.dump(source))
    handout.release(course, assignment)
    withheld = course.workspace(assignment).graded_build / "hw_lib" / "layers" / "dropout.py"
    assert "NotImplementedError" in withheld.read_text()
    assert execute.check_tests(course, assignment, course.workspace(assignment).graded_build) == ["mini"]


@pytest.mark.kernel
def test_new_records_are_tried_anew(course: Course, assignment: Assignment) -> None:
    """Tests of a record say nothing until the author has one: when `hw solutions` has measured, they are run again."""
    handout.release(course, assignment)
    assert execute.check_tests(course, assignment) == ["mini"]
    assert execute.check_tests(course, assignment) == []
    write_text(course.workspace(assignment).solutions / "mini.results.json", "{}")
    assert execute.check_tests(course, assignment) == ["mini"]
    assert execute.check_tests(course, assignment) == []
