"""A record of a sweep passes as it is; one that is incomplete or contradicts itself is explained."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hw_lib.errors import CheckFailed
from hw_lib.labs.edges.records import sweep_record

LABELS = np.array([0, 0, 1, 1])
RUN = {
    "epochs": [1, 2],
    "first": [[1.1, 0.5, 0.4], [1.0, 0.4, 0.3]],
    "train": {"loss": [[1.1, 0.5], [1.0, 0.4]], "accuracy": [[0.5, 1.0], [0.5, 0.5]]},
    "valid": {"loss": [[1.2, 0.7], [1.3, 0.6]], "accuracy": [[0.5, 0.75], [0.5, 0.5]]},
}
VALUE: dict[str, Any] = {"runs": {"CNN": {"1": RUN}}, "kernels": {}, "predictions": {"CNN": {"1": [[0, 0, 1, 0], [0, 0, 0, 0]]}}}


def check(value: Any) -> Any:
    """The check of this file's small record."""
    return sweep_record("r", value, architectures=["CNN"], images={1: 2}, epochs=[1, 2], seeds=2, labels=LABELS)


def test_a_record_passes() -> None:
    """The accuracies come back as arrays."""
    assert check(VALUE)["CNN"][1]["valid"].tolist() == [[0.5, 0.75], [0.5, 0.5]]


def copied_loss(value: Any) -> None:
    """Two seeds with one seed's losses."""
    loss = value["runs"]["CNN"]["1"]["train"]["loss"]
    loss[1] = loss[0]


BROKEN: dict[str, Callable[[Any], Any]] = {
    "the wrong entries": lambda v: v.pop("predictions"),
    "CNN in the record 'r' has the wrong entries": lambda v: v["runs"]["CNN"].update({"2": RUN}),
    "the epochs in the record": lambda v: v["runs"]["CNN"]["1"]["epochs"].append(3),
    "the first losses of CNN": lambda v: v["runs"]["CNN"]["1"]["first"].pop(),
    "wrong shape": lambda v: v["runs"]["CNN"]["1"]["valid"]["accuracy"].pop(),
    "cannot be accuracies": lambda v: v["runs"]["CNN"]["1"]["train"]["accuracy"][0].__setitem__(0, 0.3),
    "a loss that is not positive": lambda v: v["runs"]["CNN"]["1"]["train"]["loss"][0].__setitem__(0, 0.0),
    "the same losses for two seeds": copied_loss,
    "the classes in the order given": lambda v: v["predictions"]["CNN"]["1"][0].__setitem__(0, 1),
}


@pytest.mark.parametrize("says", BROKEN)
def test_a_broken_record_is_explained(says: str) -> None:
    """Each defect has its sentence."""
    value = copy.deepcopy(VALUE)
    BROKEN[says](value)
    with pytest.raises(CheckFailed, match=says):
        check(value)
