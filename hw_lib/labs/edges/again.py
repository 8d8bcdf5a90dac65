"""Runs the beginning of a recorded sweep again, for two of its seeds, and compares. Knows nothing of how a record is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from torch import nn

from hw_lib.checks import replay
from hw_lib.labs.edges.dataset import EdgeDetectionDataset
from hw_lib.labs.edges.records import BEGINNING
from hw_lib.labs.edges.sweeps import sweep

# how far machines are apart after so few epochs: docs/instructors.md
CLOSE, NEAR = 1e-3, 0.02


def begins_as_recorded(
    record: Any,
    models: Mapping[str, Callable[[], nn.Module]],
    n: int,
    pictures: Sequence[EdgeDetectionDataset],
    rng: np.random.Generator,
    *,
    optimizer: str = "sgd",
) -> None:
    """Train the first epochs again, and compare their training losses.

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
        places = sorted(int(at) for at in rng.choice(len(seeds), 2, replace=False))
        found = sweep(
            {name: build},
            {n: (pictures[0], pictures[1])},
            seeds=[seeds[at] for at in places],
            epochs=BEGINNING,
            optimizer=optimizer,
            evaluate_every=BEGINNING,
        )
        recorded, again = [run["first"][at] for at in places], found.curve(name, n, "train", "loss")[1]
        what = f"the training losses of {name!r} in the first {BEGINNING} epochs, seeds {places}"
        replay.same_beginning(what, record, recorded, again, close=CLOSE, near=NEAR)
