"""The training loop for NumPy models: batches in, a History out. Draws no plots and knows no layer.

A model has `params`, a dict of arrays, and `loss(X)` -> scores, `loss(X, y)` -> (loss, gradients by name).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from hw_lib import environment
from hw_lib.errors import invalid
from hw_lib.optim import RULES, UpdateRule

Array = NDArray[Any]

_SCORED = 1000  # training samples of an accuracy
_DATA = ("X_train", "y_train", "X_val", "y_val")


class Model(Protocol):
    """The interface that the solver expects of a model."""

    params: dict[str, Array]

    def loss(self, X: Array, y: Any = None) -> Any:
        """Scores without y, (loss, gradients) with y."""


@dataclass(frozen=True, repr=False)
class History:
    """What a training run recorded.

    Attributes:
        loss: one for each iteration.
        train_acc, val_acc: after the first iteration and after each epoch.
        best_val_acc: the highest of val_acc.
    """

    loss: tuple[float, ...]
    train_acc: tuple[float, ...]
    val_acc: tuple[float, ...]
    best_val_acc: float

    def __repr__(self) -> str:
        """One short line: a notebook shows it when `train()` ends a cell."""
        return f"History({len(self.loss)} iterations, best_val_acc={self.best_val_acc:.4f})"


class Solver:
    """Trains a model by stochastic gradient descent, and keeps the parameters of the best epoch.

        solver = Solver(model, data, update_rule="adam", optim_config={"learning_rate": 1e-3})
        history = solver.train()

    Attributes:
        epoch, best_val_acc, best_params: the state.
        loss_history, train_acc_history, val_acc_history: lists that grow while training.
        log_acc_iteration_history: training accuracy after each iteration, with log_acc_iteration.
        log_grad_norm_history: the norm of all gradients together, each iteration.
        optim_configs: one config for each parameter.
    """

    def __init__(
        self,
        model: Model,
        data: Mapping[str, Array],
        *,
        update_rule: str | UpdateRule = "sgd",
        optim_config: Mapping[str, Any] | None = None,
        lr_decay: float = 1.0,
        batch_size: int = 100,
        num_epochs: int = 10,
        print_every: int = 10,
        verbose: bool = True,
        log_acc_iteration: bool = False,
        **unrecognized: Any,
    ) -> None:
        """Check the arguments and start with empty histories.

        Args:
            model: see this module's docstring.
            data: 'X_train', 'y_train', 'X_val', 'y_val'.
            update_rule: a name of hw_lib.optim, or a function like those.
            optim_config: what each parameter's config starts from; default: {}.
            lr_decay: multiplied into the learning rate after each epoch.
            batch_size: samples in a batch.
            num_epochs: passes over the training data.
            print_every: iterations between two printed losses.
            verbose: False prints nothing and shows no bar.
            log_acc_iteration: also record the accuracy after each iteration.
            unrecognized: refused, as a ValueError that names them.

        Raises:
            ValueError: an unknown argument or update rule, or data that is missing or does not belong together.
        """
        if unrecognized:
            names = ", ".join(f'"{name}"' for name in unrecognized)
            raise invalid(
                f"Unrecognized arguments {names}",
                expected=", ".join(Solver.__init__.__kwdefaults__ or ()),
                got=", ".join(unrecognized),
            )
        _check_data(data)
        self.model = model
        self.X_train, self.y_train, self.X_val, self.y_val = (data[key] for key in _DATA)
        self.update_rule = _rule(update_rule)
        self.optim_config = {} if optim_config is None else optim_config
        self.lr_decay, self.verbose, self.log_acc_iteration = lr_decay, verbose, log_acc_iteration
        self.batch_size, self.num_epochs = _whole("batch_size", batch_size), _whole("num_epochs", num_epochs)
        self.print_every = _whole("print_every", print_every)
        self._reset()

    def _reset(self) -> None:
        self.epoch = 0
        self.best_val_acc = 0.0
        self.best_params: dict[str, Array] = {}
        self._best_bn: list[dict[str, Any]] | None = None
        self.loss_history: list[float] = []
        self.train_acc_history: list[float] = []
        self.val_acc_history: list[float] = []
        self.log_acc_iteration_history: list[float] = []
        self.log_grad_norm_history: list[float] = []
        self.optim_configs = {name: dict(self.optim_config) for name in self.model.params}

    def _step(self) -> None:
        """Draw a batch with replacement from NumPy's global generator, and update every parameter once."""
        chosen = np.random.choice(self.X_train.shape[0], self.batch_size)
        loss, grads = self.model.loss(self.X_train[chosen], self.y_train[chosen])
        self.loss_history.append(loss)
        squares = 0.0
        for name, w in self.model.params.items():
            dw = grads[name]
            squares += float(np.vdot(dw, dw))
            self.model.params[name], self.optim_configs[name] = self.update_rule(w, dw, self.optim_configs[name])
        self.log_grad_norm_history.append(squares**0.5)

    def check_accuracy(self, X: Array, y: Array, num_samples: int | None = None, batch_size: int = 100) -> float:
        """Share of the samples whose highest score is at their label.

        Args:
            X: samples.
            y: (N,) labels.
            num_samples: with more samples than this, draw as many with replacement and use those.
            batch_size: samples scored at a time.

        Returns:
            A number in [0, 1].
        """
        if num_samples is not None and X.shape[0] > num_samples:
            chosen = np.random.choice(X.shape[0], num_samples)
            X, y = X[chosen], y[chosen]
        starts = range(0, X.shape[0], batch_size)
        predicted = [np.argmax(self.model.loss(X[start : start + batch_size]), axis=1) for start in starts]
        return float(np.mean(np.concatenate(predicted) == y))

    def train(self) -> History:
        """Train for num_epochs more epochs, and leave the model with the parameters of the best one.

        Accuracies are taken after the first iteration, after each epoch and after the last iteration: on at most 1000
        training samples and on all validation samples. A model's batchnorm statistics (`bn_params`) go with its best
        parameters. If no accuracy ever rose above 0, the model keeps the parameters it ended with.

        Returns:
            What was recorded.
        """
        per_epoch = max(self.X_train.shape[0] // self.batch_size, 1)
        iterations = self.num_epochs * per_epoch
        hidden = not self.verbose or environment.quiet()
        for t in tqdm(range(iterations), desc="training", leave=False, disable=hidden, file=environment.bar_stream()):
            self._step()
            if t % self.print_every == 0:
                self._say(f"(Iteration {t + 1} / {iterations}) loss: {self.loss_history[-1]:f}")
            epoch_ends = (t + 1) % per_epoch == 0
            if epoch_ends:
                self._end_epoch()
            if self.log_acc_iteration:
                self.log_acc_iteration_history.append(self.check_accuracy(self.X_train, self.y_train, num_samples=_SCORED))
            if t == 0 or epoch_ends or t == iterations - 1:
                self._record_accuracies()
        if self.best_params:
            self._restore_best()
        return History(tuple(self.loss_history), tuple(self.train_acc_history), tuple(self.val_acc_history), self.best_val_acc)

    def first_losses(self, steps: int) -> list[float]:
        """Take the first steps of `train`, and nothing else: for running the beginning of a training again.

        Args:
            steps: how many; at most one epoch. Random numbers are drawn as `train` draws them, accuracies are not computed.

        Returns:
            The loss of each step, the same as the first ones of `train`'s History.

        Raises:
            ValueError: more steps than an epoch has, or a solver that has taken steps already.
        """
        samples = self.X_train.shape[0]
        per_epoch = max(samples // self.batch_size, 1)
        if not 1 <= steps <= per_epoch or self.loss_history:
            raise invalid(
                "Solver.first_losses: not the beginning of a training",
                expected=f"1 to {per_epoch} steps of a new solver",
                got=f"{steps} steps after {len(self.loss_history)}",
            )
        for t in range(steps):
            self._step()
            if t == 0 and samples > _SCORED:
                np.random.choice(samples, _SCORED)  # what the accuracy after the first iteration draws
        return [float(loss) for loss in self.loss_history]

    def _end_epoch(self) -> None:
        self.epoch += 1
        for config in self.optim_configs.values():
            config["learning_rate"] *= self.lr_decay

    def _record_accuracies(self) -> None:
        """Append both accuracies, and keep a copy of the parameters if they are the best so far."""
        train_acc = self.check_accuracy(self.X_train, self.y_train, num_samples=_SCORED)
        val_acc = self.check_accuracy(self.X_val, self.y_val)
        self.train_acc_history.append(train_acc)
        self.val_acc_history.append(val_acc)
        self._say(f"(Epoch {self.epoch} / {self.num_epochs}) train acc: {train_acc:f}; val_acc: {val_acc:f}")
        if val_acc > self.best_val_acc:
            self.best_val_acc = val_acc
            self.best_params = {name: w.copy() for name, w in self.model.params.items()}
            self._best_bn = copy.deepcopy(getattr(self.model, "bn_params", None))

    def _restore_best(self) -> None:
        self.model.params = self.best_params
        if self._best_bn is not None:
            self.model.bn_params = self._best_bn  # type: ignore[attr-defined]  # only models with batchnorm have it

    def record_histories_as_npz(self, filename: str | PathLike[str]) -> None:
        """Write train_losses, train_accs and val_accs to a NumPy archive.

        Args:
            filename: '.npz' is added if it is missing.
        """
        np.savez(filename, train_losses=self.loss_history, train_accs=self.train_acc_history, val_accs=self.val_acc_history)

    def _say(self, line: str) -> None:
        if self.verbose:
            tqdm.write(line)  # prints, without tearing the progress bar apart


def _rule(rule: str | UpdateRule) -> UpdateRule:
    if callable(rule):
        return rule
    if rule not in RULES:
        raise invalid(f'Invalid update_rule "{rule}"', expected=", ".join(RULES), got=repr(rule), fix="choose one of these")
    return RULES[rule]


def _whole(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise invalid(f"Solver: {name} is not usable", expected="a whole number >= 1", got=repr(value))
    return int(value)


def _check_data(data: Mapping[str, Array]) -> None:
    missing = [key for key in _DATA if key not in data]
    if missing:
        raise invalid("Solver: data is incomplete", expected=", ".join(_DATA), got=", ".join(data), fix=f"add {', '.join(missing)}")
    for part in ("train", "val"):
        X, y = data[f"X_{part}"], data[f"y_{part}"]
        if len(X) != len(y) or len(X) == 0:
            raise invalid(
                f"Solver: X_{part} and y_{part} do not belong together",
                expected="as many samples as labels, at least one",
                got=f"{len(X)} samples and {len(y)} labels",
            )
