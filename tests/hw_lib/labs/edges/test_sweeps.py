"""A sweep computes what training one network after another computes, and its table can be read."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from hw_lib.labs.edges import (
    DeeperCNN,
    EdgeDetectionDataset,
    SimpleCNN,
    SimpleCNN_avgpool,
    TwoLayerMLP,
    freeze_conv_layer,
    init_conv_kernel_with_edge_detector,
)
from hw_lib.labs.edges.sweeps import built, orders, sweep


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No progress bars."""
    monkeypatch.setenv("HW_LIB_QUIET", "1")


def frozen_edges() -> SimpleCNN:
    """A network whose convolutions are edge detectors for ever."""
    model = SimpleCNN(3, 7)
    init_conv_kernel_with_edge_detector(model)
    freeze_conv_layer(model)
    return model


BUILDS: dict[str, Callable[[], nn.Module]] = {
    "CNN": lambda: SimpleCNN(3, 7),
    "average": lambda: SimpleCNN_avgpool(3, 5),
    "deeper": lambda: DeeperCNN(kernel_size=3, num_classes=3),
    "frozen": frozen_edges,
    "MLP": lambda: TwoLayerMLP(hidden_dim=20),
}
VALID = EdgeDetectionDataset({"data_per_class": 10}, "valid")
DATA = {n: (EdgeDetectionDataset({"data_per_class": n}), VALID) for n in (4, 7)}


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("name", BUILDS)
def test_same_weights_as_one_by_one(name: str, optimizer: str) -> None:
    """Same initial weights, same batches (the last one smaller), final weights equal to 1e-4, same losses and accuracies."""
    epochs, seeds = 5, (3, 8)
    found = sweep({name: BUILDS[name]}, DATA, seeds=seeds, epochs=epochs, optimizer=optimizer, order_seed=1)
    for n, (train, valid) in DATA.items():
        x, y = train.tensors()
        for seed in seeds:
            model = built(BUILDS[name], seed)
            trained = [p for p in model.parameters() if p.requires_grad]
            rule = torch.optim.Adam(trained, lr=1e-2) if optimizer == "adam" else torch.optim.SGD(trained, lr=1e-2, momentum=0.9)
            train_losses = []
            for order in orders(len(x), epochs, 1):
                total = 0.0
                for batch in order.split(10):  # type: ignore[no-untyped-call]
                    loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
                    rule.zero_grad()
                    loss.backward()  # type: ignore[no-untyped-call]
                    rule.step()
                    total += float(loss.detach()) * len(batch)
                train_losses.append(total / len(x))
            for parameter, weight in model.named_parameters():
                assert torch.allclose(found.weights[name, n, seed][parameter], weight, atol=1e-4), parameter
            rows = found.select(data=n, seed=seed, split="train")
            assert np.allclose([row["loss"] for row in rows], train_losses, atol=1e-4)
            with torch.no_grad():
                predicted = model(valid.tensors()[0]).argmax(1)
            last = found.select(data=n, seed=seed, split="valid")[-1]
            assert last["accuracy"] == float((predicted == valid.tensors()[1]).double().mean())
            assert np.array_equal(found.predictions[name, n, seed], predicted)


def test_the_table_is_complete() -> None:
    """One row for each architecture, data set, seed, epoch and split, and nothing else."""
    found = sweep({name: BUILDS[name] for name in ("CNN", "MLP")}, DATA, seeds=[0, 1, 2], epochs=2)
    keys = [tuple(row[k] for k in ("architecture", "data", "seed", "epoch", "split")) for row in found.table]
    assert len(keys) == len(set(keys)) == 2 * 2 * 3 * 2 * 2
    assert all(row["images_per_class"] == row["data"] for row in found.table)
    epochs, values = found.curve("MLP", 4)
    assert epochs == [1, 2] and values.shape == (3, 2)
    assert np.array_equal(found.final("MLP", 4), values[:, -1])
    assert set(found.kernels) == set(found.untrained) == {("CNN", n, seed) for n in (4, 7) for seed in (0, 1, 2)}
    assert found.kernels["CNN", 4, 0].shape == (3, 7, 7)
    assert not np.array_equal(found.kernels["CNN", 4, 0], found.untrained["CNN", 4, 0])
    with pytest.raises(KeyError, match="no valid rows of 'CNN' on 5"):
        found.curve("CNN", 5)


def test_plain_data_for_a_record() -> None:
    """Lists by architecture and data, at the epochs with a validation, and the first seed's kernels; JSON can hold it."""
    found = sweep({name: BUILDS[name] for name in ("CNN", "MLP")}, {4: DATA[4]}, seeds=[0, 1], epochs=4, evaluate_every=2)
    kept = json.loads(json.dumps(found.plain()))
    run = kept["runs"]["CNN"]["4"]
    assert run["epochs"] == [2, 4]
    assert run["valid"]["accuracy"] == found.curve("CNN", 4)[1].tolist()
    assert run["train"]["loss"] == found.curve("CNN", 4, "train", "loss")[1][:, [1, 3]].tolist()
    assert run["first"] == found.curve("CNN", 4, "train", "loss")[1][:, :3].tolist()
    assert np.allclose(kept["kernels"]["CNN"]["4"], found.kernels["CNN", 4, 0], atol=1e-6)  # six decimals are kept
    assert np.array_equal(kept["predictions"]["MLP"]["4"], [found.predictions["MLP", 4, seed] for seed in (0, 1)])


def test_frozen_kernels_stay() -> None:
    """Training leaves frozen convolutions as they were, and changes the rest."""
    found = sweep({"frozen": frozen_edges}, {4: DATA[4]}, seeds=[0], epochs=2)
    key = ("frozen", 4, 0)
    assert np.array_equal(found.kernels[key], found.untrained[key])
    assert not torch.equal(found.weights[key]["fc.weight"], built(frozen_edges, 0).state_dict()["fc.weight"])


def test_nothing_random_but_the_seeds() -> None:
    """Twice the same, whatever the global generator; it is left as it was."""
    first = sweep({"MLP": BUILDS["MLP"]}, {4: DATA[4]}, seeds=[0, 1], epochs=2)
    torch.manual_seed(9)
    before = torch.get_rng_state()
    again = sweep({"MLP": BUILDS["MLP"]}, {4: DATA[4]}, seeds=[0, 1], epochs=2)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.table == again.table
    other = sweep({"MLP": BUILDS["MLP"]}, {4: DATA[4]}, seeds=[0, 1], epochs=2, order_seed=1)
    assert other.table != first.table


def test_early_stop_and_rare_evaluation() -> None:
    """A stack stops in the epoch in which all of its networks get there; the last epoch is always evaluated."""
    models = {"MLP": BUILDS["MLP"]}
    full = sweep(models, {4: DATA[4]}, seeds=[0, 1], epochs=60)
    reached = np.flatnonzero((full.curve("MLP", 4, "train")[1] >= 0.6).all(axis=0))[0] + 1
    assert 1 < reached < 60
    early = sweep(models, {4: DATA[4]}, seeds=[0, 1], epochs=60, stop_at=0.6, evaluate_every=7)
    assert max(row["epoch"] for row in early.table) == reached
    assert early.curve("MLP", 4)[0] == sorted({*range(7, reached, 7), reached})


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"seeds": []}, {"optimizer": "rmsprop"}, {"evaluate_every": 0}])
def test_what_cannot_be_trained_is_refused(wrong: dict[str, object]) -> None:
    """The message says what a sweep needs."""
    settings: dict[str, object] = {"seeds": [0], "epochs": 1, **wrong}
    with pytest.raises(ValueError, match="sweep cannot train this"):
        sweep({"MLP": BUILDS["MLP"]}, DATA, **settings)  # type: ignore[arg-type]
