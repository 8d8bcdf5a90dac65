"""Known-wrong answers lose their points and hear why; right answers written differently keep them.

A folder tests/mutants/<homework>-<solution cell>/ holds replacements of that cell. The header says which test cells must fail,
and a piece of the sentence the student must read; `seen: before hand-in` stands where the visible tests must say it already. Cells
run in this process, in the notebook's order, without its plots.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from grading import regions
from hw_lib.errors import RecordAltered, RecordMissing

ROOT = Path(__file__).parents[2]
MUTANTS = ROOT / "tests" / "mutants"
RECORDS = ROOT / "tests" / "submissions" / "records"


@dataclass(frozen=True)
class Homework:
    """One notebook whose answers are varied.

    Attributes:
        notebook: the author's source.
        expensive: cells that measure; they read the records, and mutants of them change what the records say.
        free: solution cells in which nothing is wrong (a name).
        measured: solution cells whose mutants show in what is measured with them, which is cheap.
    """

    notebook: Path
    expensive: tuple[str, ...]
    free: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()

    @property
    def records(self) -> Path:
        """What the expensive cells measured for the author."""
        return RECORDS / f"{self.notebook.stem}.results.json"

    @property
    def evidence(self) -> list[Path]:
        """The records and what lies beside them, for example trained weights."""
        return sorted(RECORDS.glob(f"{self.notebook.stem}.*"))

    @cached_property
    def cells(self) -> dict[str, str]:
        """The code cells by id, in order, solutions and hidden tests included."""
        return {cell["id"]: "".join(cell["source"]) for cell in self.all if cell["cell_type"] == "code"}

    @cached_property
    def all(self) -> list[dict[str, Any]]:
        """Every cell as it is in the file."""
        return list(json.loads(self.notebook.read_text(encoding="utf-8"))["cells"])


HOMEWORK = {
    "dropout": Homework(ROOT / "notebooks" / "dropout" / "q_coding_dropout.ipynb", ("h_record", "i_record"), measured=("h_adam",)),
    "bn_drop": Homework(ROOT / "notebooks" / "bn_drop_cnn" / "bn_drop.ipynb", ("e_record", "g_record")),
    "EdgeDetection": Homework(
        ROOT / "notebooks" / "edge_detection" / "EdgeDetection.ipynb",
        ("a_record", "b_record", "d_record", "e_record", "f_record", "g_record"),
    ),
    "cnn": Homework(ROOT / "notebooks" / "bn_drop_cnn" / "cnn.ipynb", ("n_record",)),
    "gpu_memory": Homework(ROOT / "notebooks" / "gpu_memory" / "GPUMemory.ipynb", ("a_machine", "b_record", "c_record")),
    "pytorch_cnn": Homework(ROOT / "notebooks" / "bn_drop_cnn" / "pytorch_cnn.ipynb", ("r_record", "t_record")),
    **{path.stem: Homework(path, (), free=("e_name",)) for path in sorted((ROOT / "notebooks").glob("written*/*.ipynb"))},
}


@dataclass(frozen=True)
class Variant:
    """One replacement of a solution cell."""

    homework: str
    exercise: str
    path: Path
    loses: frozenset[str]
    says: str
    seen: bool = False

    @property
    def source(self) -> str:
        """The replacement's code."""
        return self.path.read_text(encoding="utf-8")


def header(lines: list[str], key: str) -> str:
    """What a `# key: …` line at the top of a file says."""
    return next((line.split(":", 1)[1].strip() for line in lines[:3] if line.startswith(f"# {key}:")), "")


def variants() -> list[Variant]:
    """All of them, in a fixed order."""
    found = []
    for path in sorted(MUTANTS.glob("*/*.py")):
        homework, exercise = path.parent.name.split("-")
        lines = path.read_text(encoding="utf-8").splitlines()
        loses = frozenset(filter(None, (name.strip() for name in header(lines, "loses").split(","))))
        found.append(Variant(homework, exercise, path, loses, header(lines, "says"), header(lines, "seen") == "before hand-in"))
    return found


VARIANTS = variants()
# what trains for seconds, fifteen times or for 10,000 steps; two or three of the same cell stay in `make test`
LONG = {
    "EdgeDetection-c_own": (
        *("right_eight_filters_small", "right_sgd_for_long", "right_unlucky_on_five_seeds", "wrong_learning_rate_too_small"),
    ),
    "dropout-h_adam": (
        *("right_adamw_without_decay", "right_named_arguments", "wrong_always_dropout", "wrong_behind_the_layer"),
        *("wrong_first_row", "wrong_p_ignored", "wrong_too_few_steps"),
    ),
}
# notebooks of long loops, training and prediction
SLOW = ("EdgeDetection", "gpu_memory", "pytorch_cnn", "dropout", "bn_drop", "cnn")


def marked(variant: Variant) -> Any:
    """A variant as a parameter."""
    marks = [pytest.mark.long] if variant.path.stem in LONG.get(variant.path.parent.name, ()) else []
    return pytest.param(variant, marks=[*marks, pytest.mark.slow] if variant.homework in SLOW else marks)


def run(homework: Homework, name: str, namespace: dict[str, Any], source: str | None = None) -> None:
    """Execute one cell."""
    text = (homework.cells[name] if source is None else source).rstrip().rstrip(";")
    code = compile(text, f"<{name}>", "exec")
    namespace["plots"] = MagicMock()  # what a plot shows is not at stake here
    namespace["In"] = [*namespace.get("In", ()), text]  # what a notebook's kernel keeps of the cells that ran
    exec(code, namespace)


Solved = Callable[[Homework], dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """For every code cell of a homework, the namespace just before it, with the notebook's own solutions; each cell runs once."""
    known: dict[Path, dict[str, dict[str, Any]]] = {}

    def solved_once(homework: Homework) -> dict[str, dict[str, Any]]:
        if homework.notebook not in known:
            known[homework.notebook] = solve(homework, tmp_path_factory.mktemp("solved"))
        return known[homework.notebook]

    return solved_once


def solve(homework: Homework, folder: Path) -> dict[str, dict[str, Any]]:
    """Run the author's notebook in an empty folder; the namespace before every code cell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HW_LIB_QUIET", "1")
        patch.setenv("NBGRADER_EXECUTION", "autograde")
        patch.setenv("HW_LIB_DATA", str(folder))  # no data set lies there
        for path in homework.evidence:
            shutil.copy(path, folder)
        patch.chdir(folder)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        before = {}
        for name in homework.cells:
            before[name] = dict(namespace)
            run(homework, name, namespace)
        return before


def part_after(homework: Homework, exercise: str) -> list[str]:
    """The cells of the same part that follow a cell, up to the part's last test."""
    names = list(homework.cells)
    rest = [name for name in names[names.index(exercise) + 1 :] if name.split("_")[0] == exercise.split("_")[0]]
    while rest and not rest[-1].endswith("_test"):
        rest.pop()
    return rest


def failures(homework: Homework, names: list[str], namespace: dict[str, Any]) -> dict[str, str]:
    """Run cells on; the messages of the test cells that fail. A given cell that fails is passed over, as in a notebook."""
    messages = {}
    for name in names:
        try:
            run(homework, name, namespace)
        except (AssertionError, RecordMissing, RecordAltered) as error:
            messages[name] = str(error)
        except Exception as error:
            if name.endswith("_test"):
                raise AssertionError(f"{name} crashed instead of explaining") from error
    return {name: message for name, message in messages.items() if name.endswith("_test")}


def change_records(path: Path, source: str, folder: Path) -> None:
    """Run a record mutant on the reference records and write what it leaves."""

    def seal(name: str) -> None:
        fields = {key: value for key, value in records[name].items() if key != "sha256"}
        records[name]["sha256"] = hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    records = json.loads(path.read_text(encoding="utf-8"))
    scope: dict[str, Any] = {"records": records, "seal": seal, "folder": folder}
    exec(source, scope)
    if scope["records"] is not None:
        (folder / path.name).write_text(json.dumps(scope["records"]), encoding="utf-8")


def lost(variant: Variant, solved: Solved, folder: Path) -> dict[str, str]:
    """Put an answer into its notebook and run on, in an empty folder: the test cells that fail, and what they say."""
    homework = HOMEWORK[variant.homework]
    namespace = dict(solved(homework)[variant.exercise])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HW_LIB_QUIET", "1")
        patch.delenv("NBGRADER_EXECUTION", raising=False)
        for path in homework.evidence if variant.exercise not in homework.measured else ():
            shutil.copy(path, folder)  # so that no cell of the part measures anew
        if variant.exercise in homework.expensive:
            patch.setenv("NBGRADER_EXECUTION", "autograde")
            (folder / homework.records.name).unlink()
            change_records(homework.records, variant.source, folder)
            return failures(homework, [variant.exercise, *part_after(homework, variant.exercise)], namespace)
        run(homework, variant.exercise, namespace, variant.source)
        return failures(homework, part_after(homework, variant.exercise), namespace)


@pytest.mark.parametrize("variant", [marked(v) for v in VARIANTS], ids=lambda v: f"{v.homework}-{v.exercise}-{v.path.stem}")
def test_variant(variant: Variant, solved: Solved, tmp_path: Path) -> None:
    """Exactly the named test cells fail, and one of their messages holds the sentence."""
    failed = lost(variant, solved, tmp_path)
    assert set(failed) == variant.loses, failed
    if variant.says:
        assert any(variant.says in message for message in failed.values()), failed


@pytest.mark.parametrize(
    "variant", [marked(v) for v in VARIANTS if v.seen], ids=lambda v: f"{v.homework}-{v.exercise}-{v.path.stem}"
)
def test_a_frequent_mistake_is_seen_before_hand_in(
    variant: Variant, solved: Solved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the hidden tests, as students have the cells, the first test that the mistake loses says the same sentence."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HW_LIB_QUIET", "1")
    homework = HOMEWORK[variant.homework]
    namespace = dict(solved(homework)[variant.exercise])
    run(homework, variant.exercise, namespace, variant.source)
    (first, *_) = [name for name in part_after(homework, variant.exercise) if name in variant.loses]
    for name in part_after(homework, variant.exercise):
        visible = regions.strip_regions(homework.cells[name], regions.HIDDEN_TESTS).text
        if name == first:
            with pytest.raises(AssertionError, match=re.escape(variant.says)):
                run(homework, name, namespace, visible)
            return
        run(homework, name, namespace, visible)


@pytest.mark.parametrize("name", HOMEWORK)
def test_there_are_enough_of_them(name: str) -> None:
    """Every coded exercise has at least six wrong and three right variants, and wrong ones name what they lose."""
    homework = HOMEWORK[name]
    mutated = {folder.name.removeprefix(f"{name}-") for folder in MUTANTS.glob(f"{name}-*")}
    coded = {c["id"] for c in homework.all if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")}
    assert (coded - set(homework.free)) | set(homework.expensive) == mutated
    for exercise in sorted(mutated):
        mine = [v for v in VARIANTS if (v.homework, v.exercise) == (name, exercise)]
        assert sum(v.path.stem.startswith("wrong_") for v in mine) >= 6, exercise
        assert sum(v.path.stem.startswith("right_") for v in mine) >= 3, exercise
        assert all(bool(v.loses) == v.path.stem.startswith("wrong_") for v in mine), exercise
        assert set(LONG.get(f"{name}-{exercise}", ())) < {v.path.stem for v in mine}
