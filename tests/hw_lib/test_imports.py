"""Importing hw_lib is quick: heavy packages load only when a module that needs them is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"torch", "torchvision", "matplotlib", "scipy", "pandas"}


def loaded_after(statement: str) -> set[str]:
    """Which heavy packages a fresh Python has loaded after one import statement."""
    code = f"{statement}\nimport sys; print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return HEAVY & {name.split(".")[0] for name in output.split()}


@pytest.mark.parametrize(
    "statement", ["import hw_lib", "import hw_lib.checks, hw_lib.results, hw_lib.data", "import hw_lib.layers, hw_lib.coursework"]
)
def test_light_modules_load_nothing_heavy(statement: str) -> None:
    """Neither the package nor what the NumPy notebooks import loads torch or matplotlib."""
    assert loaded_after(statement) == set()


@pytest.mark.slow
@pytest.mark.parametrize(("module", "package"), [("training", "torch"), ("plots", "matplotlib")])
def test_the_test_can_fail(module: str, package: str) -> None:
    """The modules that need a heavy package do load it, so the test above looks in the right place."""
    assert package in loaded_after(f"import hw_lib.{module}")
