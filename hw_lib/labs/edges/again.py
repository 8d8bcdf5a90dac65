"""Runs the beginning of a recorded sweep again, for two of its seeds, and compares. Knows nothing of how a record is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from torch import nn

from hw_lib.checks import replay
from hw_lib.labs.edges.dataset import EdgeDetectionDataset
from hw_lib.labs.edges.sweeps import sweep

# rounding can decide a ReLU or the winner of a pool, and then a whole run goes elsewhere: docs/instructors.md
CLOSE, NEAR = 2e-3, 0.3


def begins_as_recorded(
    record: Any,
    models: Mapping[str, Callable[[], nn.Module]],
    n: int,
    pictures: Sequence[EdgeDetectionDataset],
    rng: np.random.Generator,
    *,
    optimizer: str = "sgd",
) -> None:
    """Train to the first recorded epoch again, and compare losses in training and validation.

    Args:
        record: of a sweep, as `Sweep.plain` left it.
        models: by the name in the record, functions that build one network.
        n: images per class.
        pictures: training and validation pictures.
        rng: draws which two of the record's seeds are run.
        optimizer: as for `sweep`.

    Raises:
        NeedsPerson, CheckFailed: see `hw_lib.checks.replay.same_beginning`.
    """
    seeds = [int(seed) for seed in record.settings["seeds"]]
    for name, build in models.items():
        run = record.value["runs"][name][str(n)]
        epochs = int(run["epochs"][0])
        places = sorted(int(at) for at in rng.choice(len(seeds), 2, replace=False))
        found = sweep(
            {name: build},
            {n: (pictures[0], pictures[1])},
            seeds=[seeds[at] for at in places],
            epochs=epochs,
            optimizer=optimizer,
            evaluate_every=epochs,
        )
        for split, word in (("train", "training"), ("valid", "validation")):
            recorded = [run[split]["loss"][at][0] for at in places]
            losses = found.final(name, n, split, "loss")
            what = f"the {word} losses of {name!r} after {epochs} epochs"
            replay.same_beginning(what, record, recorded, losses, close=CLOSE, near=NEAR)
