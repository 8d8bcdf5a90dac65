"""Train many small networks at once, over architectures, data sets and seeds, and return one tidy table.

All seeds of one architecture on one data set form a stack: they see the same batches in the same order, so that every step is one
step of one larger computation. Each network still learns what it would learn alone. Knows nothing of plots or records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from hw_lib import environment
from hw_lib.errors import explain, invalid
from hw_lib.labs.edges.dataset import EdgeDetectionDataset
from hw_lib.labs.edges.handmade import HandmadeCNN
from hw_lib.labs.edges.records import BEGINNING
from hw_lib.labs.edges.spanned import SpannedMLP, span
from hw_lib.labs.edges.stacked import Stack

Key = tuple[str, Any, int]  # architecture, data, seed
Row = dict[str, Any]
OPTIMIZERS = ("sgd", "adam")
_EVALUATED = 30  # images in one forward pass: more are no faster, and take memory


@dataclass
class Sweep:
    """What a sweep measured.

    Attributes:
        table: one row for each architecture, data set, seed, epoch and split, with the keys architecture, data, images_per_class,
            seed, epoch (from 1), split ('train' or 'valid'), loss, accuracy.
        kernels: (filters, k, k) first-layer kernels after training, by (architecture, data, seed); no entry for an MLP.
        untrained: the same kernels before training.
        predictions: (n_valid,) labels predicted for the validation images after training.
        weights: every parameter after training, by its name in the network.
    """

    table: list[Row] = field(default_factory=list)
    kernels: dict[Key, NDArray[np.float32]] = field(default_factory=dict)
    untrained: dict[Key, NDArray[np.float32]] = field(default_factory=dict)
    predictions: dict[Key, NDArray[np.int64]] = field(default_factory=dict)
    weights: dict[Key, dict[str, Tensor]] = field(default_factory=dict)

    def select(self, **wanted: Any) -> list[Row]:
        """Rows of the table with these values, for example `select(architecture="CNN", split="valid")`."""
        return [row for row in self.table if all(row[key] == value for key, value in wanted.items())]

    def curve(
        self, architecture: str, data: Any, split: str = "valid", what: str = "accuracy"
    ) -> tuple[list[int], NDArray[np.float64]]:
        """A quantity over the epochs.

        Returns:
            The epochs, and (seeds, epochs) values.
        """
        rows = self.select(architecture=architecture, data=data, split=split)
        if not rows:
            raise KeyError(explain(f"this sweep has no {split} rows of {architecture!r} on {data!r}", got=self._names()))
        epochs = sorted({row["epoch"] for row in rows})
        seeds = list(dict.fromkeys(row["seed"] for row in rows))
        at = {(row["seed"], row["epoch"]): row[what] for row in rows}
        return epochs, np.array([[at[seed, epoch] for epoch in epochs] for seed in seeds])

    def final(self, architecture: str, data: Any, split: str = "valid", what: str = "accuracy") -> NDArray[np.float64]:
        """(seeds,) values after the last epoch."""
        values: NDArray[np.float64] = self.curve(architecture, data, split, what)[1][:, -1]
        return values

    def plain(self) -> dict[str, Any]:
        """The sweep as lists and dicts, as a record stores it.

        Returns:
            runs: {architecture: {data: {'epochs': […], 'train' and 'valid': {'loss' and 'accuracy': [[…] for each seed]}}}}, at the
                epochs whose validation was measured; beside them 'first': [[…] for each seed], the training losses of the first
                `BEGINNING` epochs.
            kernels: {architecture: {data: (filters, k, k) of the first seed}}.
            predictions: {architecture: {data: [(n_valid,) for each seed]}}.
        """
        kept: dict[str, Any] = {"runs": {}, "kernels": {}, "predictions": {}}
        for name, data in dict.fromkeys((row["architecture"], row["data"]) for row in self.table):
            epochs = self.curve(name, data)[0]
            run: dict[str, Any] = {"epochs": epochs, "first": self.curve(name, data, "train", "loss")[1][:, :BEGINNING].tolist()}
            for split in ("train", "valid"):
                all_epochs = self.curve(name, data, split)[0]
                at = [all_epochs.index(epoch) for epoch in epochs]
                run[split] = {what: self.curve(name, data, split, what)[1][:, at].tolist() for what in ("loss", "accuracy")}
            mine = [key for key in self.predictions if key[:2] == (name, data)]
            kept["runs"].setdefault(name, {})[str(data)] = run
            kept["predictions"].setdefault(name, {})[str(data)] = [self.predictions[key].tolist() for key in mine]
            if mine[0] in self.kernels:
                kept["kernels"].setdefault(name, {})[str(data)] = np.round(self.kernels[mine[0]], 6).astype(float).tolist()
        return kept

    def _names(self) -> str:
        return ", ".join(sorted({f"{row['architecture']!r} on {row['data']!r}" for row in self.table}))


def sweep(
    models: Mapping[str, Callable[[], nn.Module]],
    datasets: Mapping[Any, tuple[EdgeDetectionDataset, EdgeDetectionDataset]],
    *,
    seeds: Sequence[int],
    epochs: int,
    lr: float = 1e-2,
    momentum: float = 0.9,
    batch_size: int = 10,
    optimizer: str = "sgd",
    order_seed: int = 0,
    evaluate_every: int = 1,
    stop_at: float | None = None,
    label: str = "sweep",
) -> Sweep:
    """Train every architecture on every data set, once for each seed, with cross-entropy.

    Args:
        models: by the name of an architecture, a function without arguments that builds one network. It is called once for each
            seed, with PyTorch's generator at that seed; what it freezes stays frozen.
        datasets: by any label (images per class, say), training and validation images.
        seeds: of the initial weights.
        epochs: passes over the training images.
        lr: learning rate.
        momentum: SGD's; Adam has none.
        batch_size: images in one step; the last batch of an epoch may be smaller.
        optimizer: 'sgd' or 'adam'.
        order_seed: of the order of the images, which all networks share (see `orders`).
        evaluate_every: epochs between two looks at the validation images; the last epoch is always among them.
        stop_at: a stack stops early once every network's training accuracy in one epoch has reached this.
        label: what the progress bar says.

    Returns:
        The table, the kernels, the predictions and the weights. Training losses and accuracies are those of the epoch's batches,
        each measured just before its step, as a training loop prints them.

    Raises:
        ValueError: nothing to train, an unknown optimizer, or networks of one name that differ in more than their weights.
    """
    if not (models and datasets and len(seeds) and epochs > 0) or optimizer not in OPTIMIZERS or evaluate_every < 1:
        raise invalid(
            "sweep cannot train this",
            expected="models, datasets, seeds, at least one epoch, optimizer 'sgd' or 'adam', evaluate_every of 1 or more",
            got=f"{len(models)} models, {len(datasets)} datasets, {len(seeds)} seeds, {epochs} epochs, {optimizer!r}",
        )
    found = Sweep()
    steps = {data: -(-len(train) // batch_size) * epochs for data, (train, _) in datasets.items()}
    with tqdm(
        total=sum(steps.values()) * len(models), desc=label, unit="step", disable=environment.quiet(), file=environment.bar_stream()
    ) as bar:
        for data, (train, valid) in datasets.items():
            images, labels = train.tensors()
            held_out = valid.tensors()
            for name, build in models.items():
                stack = Stack([built(build, seed) for seed in seeds])
                report = _Report(found, name, data, train.config.per_class, tuple(seeds))
                report.kernels(stack, found.untrained)
                trainer = _trainer(stack, images, labels, held_out[0], optimizer, lr, momentum)
                for epoch, order in enumerate(orders(len(images), epochs, order_seed), 1):
                    loss, right, _ = _measured(trainer.epoch(torch.split(order, batch_size)), labels[order])
                    bar.update(-(-len(images) // batch_size))
                    report.rows(epoch, "train", loss, right, len(images))
                    done = epoch == epochs or (stop_at is not None and bool((right >= stop_at * len(images)).all()))
                    if done or epoch % evaluate_every == 0:
                        report.rows(epoch, "valid", *_measured(trainer.validation_scores(), held_out[1])[:2], len(valid))
                    if done:
                        break
                predicted = trainer.validation_scores().argmax(dim=2)
                trainer.write()
                report.kernels(stack, found.kernels)
                report.trained(stack, predicted)
    return found


def built(build: Callable[[], nn.Module], seed: int) -> nn.Module:
    """Build a network with PyTorch's generator at a seed, and leave the generator as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build()


def orders(n: int, epochs: int, seed: int) -> Iterator[Tensor]:
    """For every epoch the order of the n images: the same for all networks of a sweep, whatever their own seeds."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        yield torch.randperm(n, generator=generator)


def _optimizer(stack: Stack, name: str, lr: float, momentum: float) -> torch.optim.Optimizer | None:
    """One optimizer for all networks: its rule works entry by entry, so none of them notices the others."""
    trained = [p for p in stack.params.values() if p.requires_grad]
    if not trained:
        return None
    if name == "adam":
        return torch.optim.Adam(trained, lr=lr, fused=True)
    return torch.optim.SGD(trained, lr=lr, momentum=momentum, fused=True)


def _trainer(
    stack: Stack, x: Tensor, y: Tensor, held_out: Tensor, optimizer: str, lr: float, momentum: float
) -> SpannedMLP | HandmadeCNN | _Autograd:
    """The cheapest way to train these networks."""
    if optimizer == "sgd" and SpannedMLP.fits(stack) and len(basis := span(x)) < x[0].numel():
        return SpannedMLP(stack, x, basis, y, held_out, lr=lr, momentum=momentum)
    if HandmadeCNN.fits(stack):
        return HandmadeCNN(stack, x, y, held_out, rule=optimizer, lr=lr, momentum=momentum)
    return _Autograd(stack, x, y, held_out, _optimizer(stack, optimizer, lr, momentum))


@dataclass(frozen=True)
class _Autograd:
    """Trains any stack, with PyTorch's gradients."""

    stack: Stack
    x: Tensor
    y: Tensor
    held_out: Tensor
    step: torch.optim.Optimizer | None

    def epoch(self, batches: Sequence[Tensor]) -> Tensor:
        """Train on the images at these indices, batch by batch, and return the scores (S, B, C) before each step."""
        return torch.cat([self._step(batch) for batch in batches], dim=1)

    @torch.no_grad()
    def validation_scores(self) -> Tensor:
        """(S, M, C)."""
        return torch.cat([self.stack.scores(images) for images in torch.split(self.held_out, _EVALUATED)], dim=1)

    def write(self) -> None:
        """Nothing to copy: the parameters of the stack itself were trained."""

    def _step(self, batch: Tensor) -> Tensor:
        scores = self.stack.scores(self.x[batch])
        if self.step is not None:
            targets = self.y[batch].repeat(len(self.stack))
            loss = functional.cross_entropy(scores.flatten(0, 1), targets, reduction="sum")
            self.step.zero_grad()
            (loss / len(batch)).backward()  # type: ignore[no-untyped-call]  # torch's stubs lack it
            self.step.step()
        return scores.detach()


def _measured(scores: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    S, N, _ = scores.shape
    losses = functional.cross_entropy(scores.flatten(0, 1), y.repeat(S), reduction="none").view(S, N)
    predicted = scores.argmax(dim=2)
    return losses.mean(dim=1), (predicted == y).sum(dim=1), predicted


@dataclass(frozen=True)
class _Report:
    """Adds the results of one stack to the sweep."""

    found: Sweep
    architecture: str
    data: Any
    images_per_class: int
    seeds: tuple[int, ...]

    def rows(self, epoch: int, split: str, losses: Tensor, right: Tensor, images: int) -> None:
        """One row for each seed."""
        for seed, loss, count in zip(self.seeds, losses.tolist(), right.tolist(), strict=True):
            self.found.table.append(
                {
                    "architecture": self.architecture,
                    "data": self.data,
                    "images_per_class": self.images_per_class,
                    "seed": seed,
                    "epoch": epoch,
                    "split": split,
                    "loss": loss,
                    "accuracy": count / images,
                }
            )

    def kernels(self, stack: Stack, into: dict[Key, NDArray[np.float32]]) -> None:
        """The first convolution's kernels, input channel 0."""
        weight = stack.params.get("conv1.weight")
        if weight is not None:
            for k, seed in enumerate(self.seeds):
                into[self.architecture, self.data, seed] = weight[k, :, 0].detach().clone().numpy()

    def trained(self, stack: Stack, predicted: Tensor) -> None:
        """Add weights, kernels and predictions after training."""
        for k, seed in enumerate(self.seeds):
            self.found.predictions[self.architecture, self.data, seed] = predicted[k].numpy()
            self.found.weights[self.architecture, self.data, seed] = {n: p[k].detach().clone() for n, p in stack.params.items()}
