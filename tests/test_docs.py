"""What the documents show is what happens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from grading import cli

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), ROOT / "requirements" / "README.md", *(ROOT / "docs").glob("*.md")]


def test_the_library_in_20_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The example of docs/students.md is about twenty lines, runs, and learns something."""
    monkeypatch.setenv("HW_LIB_DATA", str(tmp_path))
    found = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "students.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    lines = [line for line in found[1].splitlines() if line.strip()]
    assert len(lines) <= 22
    namespace: dict[str, Any] = {}
    exec(compile(found[1], "docs/students.md", "exec"), namespace)
    assert namespace["solver"].val_acc_history[-1] > 0.15, "guessing is 0.1"
    assert "Checked(" in capsys.readouterr().out


def test_every_verb_that_is_named_exists() -> None:
    """README and docs name no verb of `hw` and no target of make that does not exist."""
    texts = [path.read_text(encoding="utf-8") for path in DOCUMENTS]
    verbs = {verb for text in texts for verb in re.findall(r"\bhw ([a-z]+) dropout", text)}
    assert verbs
    assert verbs <= {run.__name__ for run in cli._VERBS}
    targets = {target for text in texts for target in re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE)}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_links_lead_somewhere() -> None:
    """Every relative link of README, CONTRIBUTING and docs points at a file."""
    for path in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
