"""The first cell of a notebook says which versions are here, and which ones grade."""

from __future__ import annotations

import platform

import numpy as np
import pytest

from hw_lib import graded_with, versions


def test_the_source_says_what_is_here() -> None:
    """Without a hand-out there is nothing to compare: three lines, no word about grading."""
    text = versions.report(np)
    assert text.splitlines()[:2] == [f"python   {platform.python_version()}", f"numpy    {np.__version__}"]
    assert "graded" not in text


def test_other_versions_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line with another version says which one grades, and the last line what that means."""
    monkeypatch.setattr(
        graded_with, "VERSIONS", {"python": versions.short(platform.python_version()), "numpy": "1.26", "torch": "2.4"}
    )
    lines = versions.report(np).splitlines()
    assert "(graded with" not in lines[0]
    assert lines[1] == f"numpy    {np.__version__}   (graded with 1.26)"
    assert lines[-1].startswith("Other versions grade your work")
    assert not any("torch" in line for line in lines)


@pytest.mark.parametrize(("version", "expected"), [("3.11.7", "3.11"), ("2.14.0+cpu", "2.14"), ("2.3.0rc1", "2.3"), ("3", "3")])
def test_two_numbers_count(version: str, expected: str) -> None:
    """What changes the language or removes a name changes one of the first two numbers."""
    assert versions.short(version) == expected
