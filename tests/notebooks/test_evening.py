"""A student's evening in JupyterLab, in a real browser: blank, three mistakes, right, the file to hand in; then what comes back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import course as courses
from grading import pages, pipeline
from grading.collect import collection
from grading.course import Course
from grading.release import handout
from grading.source import read_source
from tests.browser import findings, opened
from tests.jupyter_server import TOKEN, inherited, served
from tests.submissions.recipes import model_answers

pytestmark = [pytest.mark.slow, pytest.mark.kernel]
ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "tests" / "submissions" / "records"
LONGEST_MS = 300_000  # of Run All; nothing is measured with a clock
HIGHEST_TEST, HIGHEST = 330, 700  # pixels of what stands below a cell: a message of ours; a traceback of the student's own

MISTAKES = {
    "q_coding_dropout": {
        "a_weights": "weights_a = np.linalg.lstq(x, y)[0]",
        "b_network": "def make_network():\n    return nn.Linear(2, 1)",
        "d_dropout": "class Dropout(nn.Module):\n    def __init__(self, p=0.5):\n        super().__init__()\n        self.p = p\n\n"
        "    def forward(self, x):\n        return x * (torch.rand_like(x) > self.p) if self.training else x",
    },
    "cnn": {
        "h_forward": "def conv_forward_naive(x, w, b, conv_param):\n    return x, None",
        "j_forward": "def max_pool_forward_naive(x, pool_param):\n    return numpy.max(x), None",
        "l_forward": "def spatial_batchnorm_forward(x, gamma, beta, bn_param):\n    return x, None",
    },
}
SET = "([id, text]) => jupyterapp.shell.currentWidget.content.widgets.find(c => c.model.id == id).model.sharedModel.setSource(text)"
ACTIVATE = (
    "id => { const notebook = jupyterapp.shell.currentWidget.content;"
    " notebook.activeCellIndex = notebook.widgets.findIndex(c => c.model.id == id); }"
)
ALL_RAN = (
    "() => jupyterapp.shell.currentWidget.content.widgets.every(c => c.model.type != 'code' || c.model.executionCount)"
    " && jupyterapp.shell.currentWidget.sessionContext.session.kernel.status == 'idle'"
)
HEIGHTS = (
    "() => jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type == 'code')"
    ".map(c => [c.model.id, c.outputArea.node.getBoundingClientRect().height])"
)


@contextmanager
def lab(folder: Path, library: Path, own: Path) -> Iterator[str]:
    """JupyterLab on a folder, with the library that students have; the address to open. `own` holds its settings."""
    settings = own / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}', encoding="utf-8")  # so that every cell has its height
    environment = inherited(PYTHONPATH=str(library), JUPYTERLAB_SETTINGS_DIR=str(own / "settings"))
    with served("jupyterlab", folder, own, environment=environment, options=["--expose-app-in-browser"]) as address:
        yield f"{address}/lab?token={TOKEN}"


class Evening:
    """The student's page."""

    def __init__(self, page: Any, address: str, name: str) -> None:
        """Open the notebook with a kernel."""
        self.page = page
        page.set_default_timeout(LONGEST_MS)
        page.goto(address)
        page.wait_for_function("window.jupyterapp && jupyterapp.restored.then(() => true)")
        what = {"path": f"{name}.ipynb", "factory": "Notebook", "kernel": {"name": "python3"}}
        page.evaluate("what => jupyterapp.commands.execute('docmanager:open', what).then(() => null)", what)
        page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status == 'idle'")

    def write(self, answers: Mapping[str, str]) -> None:
        """Type into cells."""
        for cell, text in answers.items():
            self.page.evaluate(SET, [cell, text])

    def run_all(self) -> dict[str, dict[str, Any]]:
        """Restart and Run All, as the menu does it, and save; the code cells by id. Fails if a cell is not reached."""
        self.do("notebook:clear-all-cell-outputs")
        self.page.evaluate("() => { jupyterapp.commands.execute('notebook:restart-run-all') }")
        self.page.click(".jp-Dialog .jp-mod-accept")
        self.page.wait_for_function(ALL_RAN)
        self.do("docmanager:save")
        cells = self.page.evaluate("() => jupyterapp.shell.currentWidget.content.model.toJSON().cells")
        return {cell["id"]: cell for cell in cells if cell["cell_type"] == "code"}

    def again(self, cell: str) -> None:
        """Run one cell once more."""
        self.page.evaluate(ACTIVATE, cell)
        self.do("notebook:run-cell")

    def do(self, command: str) -> None:
        """One of JupyterLab's commands, to its end."""
        self.page.evaluate("command => jupyterapp.commands.execute(command).then(() => null)", command)

    def heights(self) -> dict[str, float]:
        """Pixels of what stands below each code cell."""
        return dict(self.page.evaluate(HEIGHTS))


def said(cell: Mapping[str, Any]) -> str:
    """The text below a cell."""
    return "".join(
        "".join(out.get("text", [])) + "\n".join(out.get("traceback", [])) + "".join(out.get("data", {}).get("text/plain", []))
        for out in cell["outputs"]
    )


def ticks(cells: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The tests that are passed."""
    return {name for name, cell in cells.items() if name.endswith("_test") and "✓" in said(cell)}


@pytest.mark.parametrize(
    ("assignment", "name"),
    [("dropout", "q_coding_dropout"), pytest.param("bn_drop_cnn", "cnn", marks=pytest.mark.long)],
)
def test_an_evening(assignment: str, name: str, tmp_path: Path) -> None:
    """Run All goes through in any state; wrong is a short message, right has a tick; the zip earns what it should."""
    course = replace(courses.load(ROOT / "course.toml"), build=tmp_path / "build", db=f"sqlite:///{tmp_path}/gradebook.db")
    task = course.assignments[assignment]
    handout.release(course, task)
    work, desk, own = course.workspace(task), tmp_path / "desk", tmp_path / "own"
    shutil.copytree(work.release, desk)
    own.mkdir()
    answers = model_answers(read_source(course, task, name))
    with opened() as page, lab(desk, work.student_build, own) as address:
        evening = Evening(page, address, name)
        blank = evening.run_all()
        assert ticks(blank) == set()
        shutil.copy(RECORDS / f"{name}.results.json", desk)
        evening.write({**answers, **MISTAKES[name]})
        wrong, heights = evening.run_all(), evening.heights()
        tests = {test for test in wrong if test.endswith("_test")}
        failed = tests - ticks(wrong)
        assert len(failed) >= 3
        assert max(heights[test] for test in failed) < HIGHEST_TEST, heights
        shown = [cell for cell in wrong if any(out["output_type"] == "error" for out in wrong[cell]["outputs"])]
        assert max([heights[cell] for cell in shown], default=0) < HIGHEST, heights
        evening.write(answers)
        right = evening.run_all()
        assert ticks(right) == tests
        evening.again("hand_in")  # saved meanwhile
    came_back(course, name, desk / f"{assignment}-handin.zip")


def came_back(course: Course, name: str, archive: Path) -> None:
    """Collect, grade and look at the page of the one who handed this in."""
    task = course.assignments[archive.name.removesuffix("-handin.zip")]
    folder = archive.parents[1] / "submissions" / "ada"
    folder.mkdir(parents=True)
    shutil.copy(archive, folder)
    collection.collect(folder.parent, course, task)
    (card,) = pipeline.grade(course, task)
    mine = [mark for mark in card.marks if mark.notebook == name and not mark.by_hand]
    lost = {mark.grade_id: (mark.points, mark.reason) for mark in mine if mark.points != mark.max_points}
    assert mine and lost == {}, json.dumps(lost)
    work = course.workspace(task)
    pages.write_pages(pipeline.cards_for_students(course, task), task, work, pages.setting(course, task))
    with opened(bypass_csp=True) as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for path in (work.feedback_page("ada"), work.release / "README.html"):
                page.goto(path.as_uri())
                assert findings(page) == []
        page.goto(work.feedback_page("ada").as_uri())
        assert page.locator("details.part.passed, details.part.waiting").count() >= 5
