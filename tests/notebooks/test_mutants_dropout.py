"""Known-wrong answers lose their points and hear why; right answers written differently keep them.

A folder tests/mutants/dropout-<solution cell>/ holds replacements of that cell. The header says which test cells must fail, and
a piece of the sentence the student must read. Cells run in this process, in the notebook's order, without its plots.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from hw_lib.errors import RecordAltered, RecordMissing

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "dropout" / "q_coding_dropout.ipynb"
MUTANTS = ROOT / "tests" / "mutants"
RECORDS = ROOT / "tests" / "submissions" / "records" / "q_coding_dropout.results.json"
EXPENSIVE = {"h_record", "i_record"}  # cells that measure; run only where a mutant is about them


@dataclass(frozen=True)
class Variant:
    """One replacement of a solution cell."""

    exercise: str
    path: Path
    loses: frozenset[str]
    says: str

    @property
    def source(self) -> str:
        """The replacement's code."""
        return self.path.read_text(encoding="utf-8")


def header(lines: list[str], key: str) -> str:
    """What a `# key: …` line at the top of a file says."""
    return next((line.split(":", 1)[1].strip() for line in lines[:2] if line.startswith(f"# {key}:")), "")


def variants() -> list[Variant]:
    """All of them, in a fixed order."""
    found = []
    for path in sorted(MUTANTS.glob("dropout-*/*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        loses = frozenset(filter(None, (name.strip() for name in header(lines, "loses").split(","))))
        found.append(Variant(path.parent.name.removeprefix("dropout-"), path, loses, header(lines, "says")))
    return found


def cells() -> dict[str, str]:
    """The source notebook's code cells by id, in order, solutions and hidden tests included."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"}


CELLS = cells()
VARIANTS = variants()


def run(name: str, namespace: dict[str, Any], source: str | None = None) -> None:
    """Execute one cell."""
    code = compile((CELLS[name] if source is None else source).rstrip().rstrip(";"), f"<{name}>", "exec")
    namespace["plots"] = MagicMock()  # what a plot shows is not at stake here
    exec(code, namespace)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """For every code cell, the namespace just before it, with the notebook's own solutions; each cell runs once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HW_LIB_QUIET", "1")
        patch.setenv("NBGRADER_EXECUTION", "autograde")
        patch.setenv("HW_LIB_DATA", str(tmp_path_factory.mktemp("empty-cache")))
        folder = tmp_path_factory.mktemp("solved")
        shutil.copy(RECORDS, folder)
        patch.chdir(folder)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        before = {}
        for name in CELLS:
            before[name] = dict(namespace)
            run(name, namespace)
        yield before


def part_after(exercise: str) -> list[str]:
    """The cells of the same part that follow a cell, up to the part's last test."""
    names = list(CELLS)
    rest = [name for name in names[names.index(exercise) + 1 :] if name.split("_")[0] == exercise.split("_")[0]]
    while rest and not rest[-1].endswith("_test"):
        rest.pop()
    return rest


def failures(names: list[str], namespace: dict[str, Any]) -> dict[str, str]:
    """Run cells on; the messages of the test cells that fail. A given cell that fails is passed over, as in a notebook."""
    messages = {}
    for name in names:
        try:
            run(name, namespace)
        except (AssertionError, RecordMissing, RecordAltered) as error:
            messages[name] = str(error)
        except Exception as error:
            if name.endswith("_test"):
                raise AssertionError(f"{name} crashed instead of explaining") from error
    return {name: message for name, message in messages.items() if name.endswith("_test")}


def change_records(source: str, folder: Path) -> None:
    """Run a record mutant on the reference records and write what it leaves."""

    def seal(name: str) -> None:
        fields = {key: value for key, value in records[name].items() if key != "sha256"}
        records[name]["sha256"] = hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    records = json.loads(RECORDS.read_text(encoding="utf-8"))
    scope: dict[str, Any] = {"records": records, "seal": seal}
    exec(source, scope)
    if scope["records"] is not None:
        (folder / RECORDS.name).write_text(json.dumps(scope["records"]), encoding="utf-8")


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: f"{v.exercise}-{v.path.stem}")
def test_variant(
    variant: Variant,
    solved: dict[str, dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exactly the named test cells fail, and one of their messages holds the sentence."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HW_LIB_QUIET", "1")
    namespace = dict(solved[variant.exercise])
    if variant.exercise in EXPENSIVE:
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        change_records(variant.source, tmp_path)
        names = [variant.exercise, *part_after(variant.exercise)]
    else:
        monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
        run(variant.exercise, namespace, variant.source)
        names = part_after(variant.exercise)
    failed = failures(names, namespace)
    assert set(failed) == variant.loses, failed
    if variant.says:
        assert any(variant.says in message for message in failed.values()), failed


def test_there_are_enough_of_them() -> None:
    """Every coded exercise has at least six wrong and three right variants, and wrong ones name what they lose."""
    solutions = {name for name in CELLS if f"dropout-{name}" in {path.name for path in MUTANTS.iterdir()}}
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    coded = {c["id"] for c in notebook["cells"] if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")}
    assert coded | EXPENSIVE == solutions
    for exercise in sorted(solutions):
        mine = [v for v in VARIANTS if v.exercise == exercise]
        assert sum(v.path.stem.startswith("wrong_") for v in mine) >= 6, exercise
        assert sum(v.path.stem.startswith("right_") for v in mine) >= 3, exercise
        assert all(bool(v.loses) == v.path.stem.startswith("wrong_") for v in mine), exercise
