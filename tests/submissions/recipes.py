"""How every submission of the sample class is made from the release. Run `python -m tests.submissions.recipes` to make them anew.

A case is the release with some cells answered differently, or its file handled badly. `tests/submissions/<assignment>/<case>/`
holds what comes out, and an `expected.json` that is written by hand and never by this program:

    about   what the case is
    cells   grade id -> {"points", "verdict", "says"}; every automatic cell that is not named passes with full points
    notes   phrases that the notes of the scorecard must hold

Records of long cells come from a real run of the solution: `hw solutions dropout`, copied to tests/submissions/records/. So a student whose
Dropout is right draws its masks as the solution does: with other masks the record would be somebody else's, and a person would have to look.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grading import course as courses
from grading import notebook as nb
from grading import regions
from grading.source import read_source, student_notebook

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAME = "q_coding_dropout"
RECORD = f"{NAME}.results.json"

Edit = Callable[[nb.Notebook], nb.Notebook]


@dataclass(frozen=True)
class Case:
    """One submission.

    Attributes:
        answers: cell id -> what the student wrote there, in place of the model answer.
        blank: start from the release as it is, not from the model answers.
        edit: what happened to the notebook besides answering.
        record: handed in with the record of the long cells.
        damage: what happened to the notebook's file.
        empty: nothing but an empty folder.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    blank: bool = False
    edit: Edit = lambda notebook: notebook
    record: bool = True
    damage: Callable[[str], str] = lambda text: text
    change_record: Callable[[str], str] = lambda text: text
    empty: bool = False


def without(cell_id: str) -> Edit:
    """Delete a cell."""
    return lambda notebook: {**notebook, "cells": [cell for cell in notebook["cells"] if cell["id"] != cell_id]}


def with_source(cell_id: str, source: str, **nbgrader: object) -> Edit:
    """Overwrite a cell that is not the student's, and some of its nbgrader metadata."""

    def edit(notebook: nb.Notebook) -> nb.Notebook:
        return {**notebook, "cells": [changed(cell) if cell["id"] == cell_id else cell for cell in notebook["cells"]]}

    def changed(cell: nb.Cell) -> nb.Cell:
        return {**cell, "source": source, "metadata": {"nbgrader": {**nb.meta(cell), **nbgrader}}}

    return edit


def with_own_cell(after: str, source: str) -> Edit:
    """Add a cell of the student's own."""

    def edit(notebook: nb.Notebook) -> nb.Notebook:
        cells = []
        for cell in notebook["cells"]:
            cells.append(cell)
            if cell["id"] == after:
                cells.append({"cell_type": "code", "id": f"own-after-{after}", "metadata": {}, "source": source})
        return {**notebook, "cells": cells}

    return edit


def with_copy(cell_id: str) -> Edit:
    """Copy and paste a cell, metadata and all, as Jupyter does."""

    def edit(notebook: nb.Notebook) -> nb.Notebook:
        cells = []
        for cell in notebook["cells"]:
            cells += [cell, {**cell, "id": f"{cell_id}-copy"}] if cell["id"] == cell_id else [cell]
        return {**notebook, "cells": cells}

    return edit


def without_metadata(notebook: nb.Notebook) -> nb.Notebook:
    """What some editors do to a notebook: the metadata is gone, the cell ids are left."""
    return {"cells": [{**cell, "metadata": {}} for cell in notebook["cells"]], "metadata": {}}


def dropout(forward: str) -> str:
    """The student's Dropout with another forward."""
    body = forward.strip("\n").replace("\n", "\n        ")
    return (
        "class Dropout(nn.Module):\n    def __init__(self, p=0.5):\n        super().__init__()\n        self.p = p\n\n"
        f"    def forward(self, x):\n        {body}\n"
    )


CASES: dict[str, Case] = {
    "perfect": Case(),
    "blank": Case(blank=True, record=False),
    "right-by-formula": Case(
        {
            "a_weights": "x = np.array([10.0, 1.0])\nweights_a = 11 * x / (x @ x)",
            "b_network": (
                "class Two(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
                "        self.w = nn.Parameter(torch.zeros(2, 1))\n\n    def forward(self, x):\n        return x @ self.w\n\n\n"
                "def make_network():\n    return Two()"
            ),
            "c_data": "inputs_c = [[0, 0], [0, 2], [20, 0], [20, 2]]\ntargets_c = [[11], [11], [11], [11]]",
            "c_weights": "X = np.array(inputs_c)\nweights_c = np.linalg.solve(X.T @ X, X.T @ np.array(targets_c)).reshape(2)",
            "d_dropout": dropout(
                "if not self.training or self.p == 0:\n    return x\n"
                "return x.div(1 - self.p).mul(torch.rand_like(x) >= self.p)"
            ),
            "g_weights": (
                "def dropout_weights(p):\n    if p == 0:\n        return np.array([110, 11]) / 101\n"
                "    q = 1 - p\n    return np.array([1.1, 11]) * q / (1 + q)"
            ),
        }
    ),
    "right-with-own-cells": Case(
        {
            "a_weights": "weights_a = min_norm(torch.tensor([[10.0, 1.0]]), torch.tensor([11.0]))",
            "d_dropout": dropout(
                "if self.training:\n    mask = torch.rand_like(x) >= self.p\n"
                "    return x * mask.to(x) / (1 - self.p)\nreturn x"
            ),
            "f_contributions": (
                "contributions_without = [10 * weights_b[0], weights_b[1]]\ncontributions_with = [10 * weights_e[0], weights_e[1]]\n"
                "factors = [weights_e[i] / weights_b[i] for i in range(2)]"
            ),
        },
        edit=with_own_cell("a_text", "def min_norm(X, y):\n    return torch.linalg.pinv(X) @ y"),
    ),
    "forgot-scaling": Case(
        {"d_dropout": dropout("if not self.training:\n    return x\nreturn x * (torch.rand_like(x) >= self.p)")}
    ),
    "keep-probability": Case(
        {"d_dropout": dropout("if not self.training:\n    return x\nreturn x * (torch.rand_like(x) < self.p) / self.p")}
    ),
    "drops-at-test-time": Case({"d_dropout": dropout("return x * (torch.rand_like(x) >= self.p) / (1 - self.p)")}),
    "one-part-wrong": Case(
        {
            "g_weights": "def dropout_weights(p):\n    q = p if p else 1.0\n    return np.array([1.1, 11]) * q / (1 + q) if p else weights_a"
        }
    ),
    "syntax-error": Case({"c_weights": "weights_c = np.linalg.lstsq(inputs_c, targets_c, rcond=None[0]"}),
    "exception": Case({"f_contributions": "contributions_without = weights_b * np.array([10.0, 1.0])\n1 / 0"}),
    "infinite-loop": Case({"e_weights": "import time\n\nloss = 1.0\nwhile loss > 0.01:\n    time.sleep(0.1)  # let it train"}),
    "memory-hog": Case({"g_weights": "hog = []\nwhile True:\n    hog.append(np.ones(1000))"}),
    "os-exit": Case({"c_data": "import os\n\nos._exit(0)"}),
    "deletes-test": Case({"d_dropout": dropout("return x")}, edit=without("d_dropout_test")),
    "edits-test": Case(
        {"c_weights": "weights_c = np.array([1.0, 1.0])"},
        edit=with_source("c_weights_test", "assert True  # fine as it is", points=100),
    ),
    "patches-checks": Case(
        {
            "a_weights": (
                "from hw_lib import checks, errors\n\nfor name in checks.__all__:\n    setattr(checks, name, lambda *a, **k: np.ones(2))\n"
                "weights_a = np.array([1.0, 1.0])"
            )
        }
    ),
    "copies-test": Case(edit=with_copy("d_dropout_test")),
    "reads-network": Case(
        {
            "a_weights": (
                "import json\nimport urllib.request\n\nanswer = urllib.request.urlopen('http://192.0.2.1/answers.json', timeout=5)\n"
                "weights_a = json.load(answer)['a']"
            )
        }
    ),
    "prints-200-mb": Case(
        {"c_weights": "weights_c = np.linalg.pinv(inputs_c) @ targets_c\nfor _ in range(200):\n    print('x' * 1_000_000)"}
    ),
    "not-json": Case(damage=lambda text: text[: len(text) // 2]),
    "empty": Case(empty=True),
    "lost-metadata": Case(edit=without_metadata),
    "altered-record": Case(change_record=lambda text: text.replace('"clean": 0.', '"clean": 0.9', 1)),
    "no-record": Case(record=False),
    "reference-import": Case(
        {
            "d_dropout": (
                "from hw_lib.layers import dropout_forward\n\n\n"
                + dropout(
                    "mode = 'train' if self.training else 'test'\n"
                    "out, _ = dropout_forward(x.detach().numpy(), {'p': self.p, 'mode': mode})\nreturn torch.from_numpy(out)"
                )
            )
        }
    ),
}


def files(case: Case, source: nb.Notebook) -> dict[str, str]:
    """What the student hands in: file name -> text."""
    if case.empty:
        return {}
    released, _ = student_notebook(source, NAME)
    answers = {} if case.blank else {**model_answers(source), **case.answers}
    cells = [{**cell, "source": answers.get(cell["id"], cell["source"])} for cell in released["cells"]]
    made = {f"{NAME}.ipynb": case.damage(nb.dump(case.edit({**released, "cells": cells})))}
    if case.record:
        made[RECORD] = case.change_record((HERE / "records" / RECORD).read_text(encoding="utf-8"))
    return made


def model_answers(source: nb.Notebook) -> dict[str, str]:
    """The author's answers, without the markers around them and without the rubric."""
    marks = (f"### BEGIN {regions.SOLUTION}", f"### END {regions.SOLUTION}")
    return {
        cell["id"]: "\n".join(line for line in cell["source"].split("\n") if line.strip() not in marks).partition("\n\n**Rubric")[0]
        for cell in source["cells"]
        if nb.is_solution(cell)
    }


def folder_of(case: str) -> Path:
    """Where a case lies: in the class that `make` grades, or, for `make test-long`, beside it."""
    more = HERE / "dropout_more" / case
    return more if more.is_dir() else HERE / "dropout" / case


def main() -> None:
    """Write every case; keeps each expected.json."""
    course = courses.load(ROOT / "course.toml")
    source = read_source(course, course.assignments["dropout"], NAME)
    for name, case in CASES.items():
        folder = folder_of(name)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if old.name != "expected.json":
                old.unlink()
        for file, text in files(case, source).items():
            (folder / file).write_text(text, encoding="utf-8")
        json.loads((folder / "expected.json").read_text(encoding="utf-8"))  # a case without one is unfinished


if __name__ == "__main__":
    main()
