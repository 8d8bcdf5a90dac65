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

# how far machines are apart: docs/instructors.md. Later a rounding can decide a ReLU, and then a whole run goes elsewhere.
# Two classes exchanged, to which an untrained CNN is nearly blind, are 5e-4 apart
CLOSE, NEAR = 1e-4, 0.02
LATEST = 25  # epochs


def begins_as_recorded(
    record: Any,
    models: Mapping[str, Callable[[], nn.Module]],
    n: int,
    pictures: Sequence[EdgeDetectionDataset],
    rng: np.random.Generator,
    *,
    optimizer: str = "sgd",
) -> None:
    """Train the beginning again, up to the first epoch whose validation was measured if that is early, and compare losses.

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
        measured = int(run["epochs"][0])
        epochs = measured if measured <= LATEST else BEGINNING
        places = sorted(int(at) for at in rng.choice(len(seeds), 2, replace=False))
        found = sweep(
            {name: build},
            {n: (pictures[0], pictures[1])},
            seeds=[seeds[at] for at in places],
            epochs=epochs,
            optimizer=optimizer,
            evaluate_every=epochs,
        )
        recorded, again = [run["first"][at] for at in places], found.curve(name, n, "train", "loss")[1][:, :BEGINNING]
        what = f"the training losses of {name!r} in the first {BEGINNING} epochs, seeds {places}"
        replay.same_beginning(what, record, recorded, again, close=CLOSE, near=NEAR)
        for split, word in (("train", "training"), ("valid", "validation")) if epochs == measured else ():
            what = f"the {word} losses of {name!r} after {epochs} epochs, seeds {places}"
            recorded, again = [run[split]["loss"][at][0] for at in places], found.final(name, n, split, "loss")
            replay.same_beginning(what, record, recorded, again, close=CLOSE, near=NEAR)
