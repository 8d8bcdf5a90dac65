"""A notebook in the style of the older coursework runs once its imports are changed, by the table in docs/coursework.md."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

ROOT = Path(__file__).parents[2]
NOTEBOOK = Path(__file__).parent / "older_coursework" / "layers.ipynb"


def table() -> dict[str, str]:
    """Old module -> ours, as the documentation says."""
    text = (ROOT / "docs" / "coursework.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(deeplearning[\w.]*)` \| `(cs231n[\w.]*)` \| `(hw_lib[\w.]*)` \|$", text, re.MULTILINE)
    return {old: ours for *both, ours in rows for old in both}


def with_our_imports(source: str) -> str:
    """A cell with its import lines changed; every other line stays byte for byte."""
    modules = table()
    return re.sub(
        r"^from ((?:deeplearning|cs231n)[\w.]*) import",
        lambda found: f"from {modules[found[1]]} import",
        source,
        flags=re.MULTILINE,
    )


def by_star(source: str) -> str:
    """The imports of notebooks that get every layer through one module, of the other package."""
    source = re.sub(r"^from deeplearning\.(layers|layer_utils|classifiers\.cnn) import \*\n", "", source, flags=re.MULTILINE)
    return re.sub(r"^import numpy as np\n", "", source, flags=re.MULTILINE).replace("from deeplearning.", "from cs231n.")


@pytest.mark.slow
@pytest.mark.parametrize("style", [str, by_star])
def test_it_runs(style: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way it imports, every cell runs, the gradients agree with numerical ones, networks learn, histories are on disk."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HW_LIB_DATA", str(tmp_path / "no-cifar"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)  # another one, left active, makes IPython warn
    shell = InteractiveShell()
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            source = with_our_imports(style("".join(cell["source"]))).replace(
                "%matplotlib inline\n", ""
            )  # this process has no notebook
            result = shell.run_cell(source)
            result.raise_error()
    found = shell.user_ns
    errors = found["errors"]
    sanity = errors.pop("sanity loss")
    assert sanity < 0.1
    # batchnorm over two samples bends within the step of the numerical gradient, so the nets are held to less
    assert {name: error for name, error in errors.items() if not error < (1e-3 if name.startswith("net ") else 1e-6)} == {}
    assert max(found["test_time"]) < 0.35
    assert found["loss_reg"] > found["loss"]
    assert found["solver"].train_acc_history[-1] > found["solver"].train_acc_history[0]
    for name in ("with_bn", "no_bn"):
        with np.load(tmp_path / "submission_logs" / f"compare_bn_deep_networks_{name}.npz") as kept:
            assert set(kept) == {"train_losses", "train_accs", "val_accs"}
            assert len(kept["train_accs"]) == 5


def test_only_imports_are_changed() -> None:
    """The table covers all modules that the notebook asks for, and the notebook asks for most of the table."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    asked = set(re.findall(r"^from (deeplearning[\w.]*) import", text, re.MULTILINE))
    assert asked <= set(table())
    assert len(asked) >= 7
    before, after = text.split("\n"), with_our_imports(text).split("\n")
    assert {old.split()[0] for old, new in zip(before, after, strict=True) if old != new} == {"from"}
