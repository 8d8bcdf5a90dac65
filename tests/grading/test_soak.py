"""The soak in its short form, and that it would notice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.soak import ROOT, Soaked, differences, soak
from grading.marks import Mark, Scorecard, Verdict


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.kernel
def test_short_soak(tmp_path: Path) -> None:
    """Twenty-four submissions: every card as expected, no temp file and no process left, and the memory was measured."""
    done = soak(24, 2, tmp_path, quick=True)
    assert done.wrong == ()
    assert done.left == ()
    assert done.alive == ()
    assert 50 * 2**20 < done.peak_bytes < 4 * 2**30
    assert done.cpu_s > 1


def test_it_notices() -> None:
    """A card with other points, another verdict or another reason than the case expects; what a person grades is left out."""
    expected = json.loads((ROOT / "tests" / "submissions" / "dropout" / "os-exit" / "expected.json").read_text())
    says = expected["cells"]["c_data_test"]["says"]
    right = Mark("c_data_test", "q", "c", 0.0, 2.0, Verdict.FAILED, says)
    full, by_hand = Mark("a_test", "q", "a", 2.0, 2.0, Verdict.PASSED), Mark("b", "q", "b", None, 1.0, Verdict.BY_HAND)

    def found(*marks: Mark) -> int:
        return len(list(differences(Scorecard("dropout", "ada", marks), expected)))

    assert found(right, full, by_hand) == 0
    assert found(replace(right, points=1.0), replace(full, points=1.0)) == 2
    assert found(replace(right, reason="something else"), replace(full, verdict=Verdict.UNJUDGED)) == 2


def test_good_is_nothing_wrong_and_nothing_left() -> None:
    """One file, one process or one card is enough to fail."""
    good = Soaked(1, 1.0, 1.0, 1, (), (), ())
    assert good.good
    assert not any(bad.good for bad in (replace(good, left=("x",)), replace(good, alive=(1,)), replace(good, wrong=("x",))))
