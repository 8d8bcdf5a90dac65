"""The Solver: its protocol, its histories, the two mended bugs, progress and messages, and training beside PyTorch."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from hw_lib import data, errors, optim
from hw_lib.models import FullyConnectedNet, ThreeLayerConvNet
from hw_lib.solver import History, Solver


class Scripted:
    """A model with one parameter, whose validation accuracy follows a script."""

    def __init__(self, right: list[int]) -> None:
        """`right` is how many of the ten validation samples are right at each check."""
        self.params = {"w": np.zeros(1)}
        self.right = iter(right)

    def loss(self, X: np.ndarray, y: Any = None) -> Any:
        """Loss w and gradient -1: each step of learning rate 1 adds 1 to w."""
        if y is not None:
            return float(self.params["w"][0]), {"w": -np.ones(1)}
        scores = np.tile([1.0, 0.0], (len(X), 1))
        if X[0, 0] == 1:  # the validation samples
            scores[next(self.right) :] = [0, 1]
        return scores


def scripted(right: list[int], **kwargs: Any) -> Solver:
    """A solver over 4 training and 10 validation samples, one iteration an epoch."""
    parts = {"X_train": np.zeros((4, 1)), "y_train": np.zeros(4, int), "X_val": np.ones((10, 1)), "y_val": np.zeros(10, int)}
    settings = {"batch_size": 4, "verbose": False, "optim_config": {"learning_rate": 1.0}, **kwargs}
    return Solver(Scripted(right), parts, **settings)


def small(**kwargs: Any) -> Solver:
    """A solver over a small network and random data, from a fixed seed."""
    np.random.seed(3)
    rng = np.random.default_rng(0)
    parts = {"X_train": rng.standard_normal((50, 6)), "X_val": rng.standard_normal((20, 6))}
    parts |= {f"y_{part}": (parts[f"X_{part}"][:, 0] > 0).astype(int) for part in ("train", "val")}
    model = FullyConnectedNet([8], 6, 2, use_batchnorm=kwargs.pop("use_batchnorm", False), dtype=np.float64)
    return Solver(model, parts, **{"batch_size": 10, "num_epochs": 4, "verbose": False, "update_rule": "adam", **kwargs})


def test_histories_have_the_classic_lengths() -> None:
    """One loss for each iteration; accuracies after the first iteration and each epoch."""
    solver = small()
    history = solver.train()
    assert len(solver.loss_history) == 4 * 5
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 5
    assert solver.epoch == 4
    assert history == History(
        tuple(solver.loss_history), tuple(solver.train_acc_history), tuple(solver.val_acc_history), solver.best_val_acc
    )
    assert repr(history).startswith("History(20 iterations, best_val_acc=")


def test_first_iteration_and_epoch_end_coincide() -> None:
    """With one iteration an epoch there is no extra entry for the first."""
    solver = scripted([1, 2, 3], num_epochs=3)
    solver.train()
    assert solver.val_acc_history == [0.1, 0.2, 0.3]


def test_the_random_numbers_are_drawn_in_the_classic_order() -> None:
    """A loop written out here, seeded alike, records the same losses and accuracies to the last digit."""
    solver = small()
    model, config = copy.deepcopy(solver.model), {name: {} for name in solver.model.params}
    state = np.random.get_state()
    solver.train()
    np.random.set_state(state)
    losses, accuracies = [], []
    for t in range(20):
        chosen = np.random.choice(50, 10)
        loss, grads = model.loss(solver.X_train[chosen], solver.y_train[chosen])
        losses.append(loss)
        for name in model.params:
            model.params[name], _ = optim.adam(model.params[name], grads[name], config[name])
        if t == 0 or (t + 1) % 5 == 0:
            accuracies.append(np.mean(model.loss(solver.X_val).argmax(axis=1) == solver.y_val))
    assert solver.loss_history == losses
    assert solver.val_acc_history == accuracies


def test_the_best_parameters_come_back() -> None:
    """Strictly better counts: of two equal epochs the earlier one is kept, as a copy."""
    solver = scripted([3, 7, 7, 2], num_epochs=4)
    assert solver.train().best_val_acc == 0.7
    assert solver.model.params["w"][0] == 2


def test_an_accuracy_of_zero_does_not_wipe_the_model() -> None:
    """If no accuracy rises above 0 the model keeps what it ended with, instead of losing all parameters."""
    solver = scripted([0, 0], num_epochs=2)
    solver.train()
    assert solver.best_params == {}
    assert solver.model.params["w"][0] == 2


def test_the_last_iteration_is_always_recorded() -> None:
    """The last iteration has an accuracy, once."""
    solver = small(num_epochs=1, batch_size=25)
    solver.train()
    assert len(solver.loss_history) == 2
    assert len(solver.val_acc_history) == 2


def test_running_statistics_go_with_the_best_parameters() -> None:
    """After training, scoring the validation set gives the best accuracy again, with batchnorm too."""
    solver = small(use_batchnorm=True, optim_config={"learning_rate": 0.3}, num_epochs=15)
    solver.train()
    assert solver.check_accuracy(solver.X_val, solver.y_val) == solver.best_val_acc


def test_learning_rate_decays_after_each_epoch() -> None:
    """lr_decay is multiplied into every parameter's learning rate, a default one too."""
    solver = small(lr_decay=0.5, update_rule="sgd_momentum")
    solver.train()
    assert {config["learning_rate"] for config in solver.optim_configs.values()} == {1e-2 / 16}


def test_optim_config_is_copied() -> None:
    """Every parameter has its own config, and the caller's dict stays as it is."""
    config = {"learning_rate": 1e-3}
    solver = small(optim_config=config)
    solver.train()
    assert config == {"learning_rate": 1e-3}
    assert solver.optim_configs["W1"]["m"].shape != solver.optim_configs["W2"]["m"].shape


def test_accuracy_over_batches_and_samples() -> None:
    """Batches cover every sample once; num_samples draws with replacement only when there are more."""
    solver = small()
    whole = solver.check_accuracy(solver.X_train, solver.y_train, batch_size=50)
    assert solver.check_accuracy(solver.X_train, solver.y_train, batch_size=7) == pytest.approx(whole)
    state = np.random.get_state()[1].copy()
    solver.check_accuracy(solver.X_train, solver.y_train, num_samples=50)
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    assert solver.check_accuracy(solver.X_train, solver.y_train, num_samples=4) in (0, 0.25, 0.5, 0.75, 1)


def test_histories_are_written_to_an_archive(tmp_path: Path) -> None:
    """The archive has the classic keys, and its name the ending that NumPy adds."""
    solver = small()
    solver.train()
    solver.record_histories_as_npz(str(tmp_path / "run"))
    with np.load(tmp_path / "run.npz") as archive:
        assert set(archive) == {"train_losses", "train_accs", "val_accs"}
        np.testing.assert_array_equal(archive["train_losses"], solver.loss_history)


def test_extra_logs() -> None:
    """The norm of the gradients is always logged; the accuracy after each iteration on request."""
    solver = small(log_acc_iteration=True)
    solver.train()
    assert len(solver.log_grad_norm_history) == len(solver.log_acc_iteration_history) == 20
    assert min(solver.log_grad_norm_history) > 0


def test_lines_and_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """verbose prints the classic lines; the bar is on the error stream, and silent under a grader; False is silent."""
    for name in ("NBGRADER_EXECUTION", "HW_LIB_QUIET"):
        monkeypatch.delenv(name, raising=False)
    small(verbose=True, print_every=10).train()
    shown = capsys.readouterr()
    lines = [line for line in shown.out.splitlines() if line.strip()]
    assert [line.split(" loss")[0] for line in lines if "Iteration" in line] == ["(Iteration 1 / 20)", "(Iteration 11 / 20)"]
    assert [line.split(" train acc: ")[0] for line in lines if "Epoch" in line] == [f"(Epoch {i} / 4)" for i in range(5)]
    assert "training" in shown.err
    for name in ("NBGRADER_EXECUTION", "HW_LIB_QUIET"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "1")
            small(verbose=True).train()
        shown = capsys.readouterr()
        assert "Epoch 4" in shown.out
        assert shown.err == ""
    small().train()
    assert capsys.readouterr() == ("", "")


def test_a_rule_may_be_a_function() -> None:
    """A student's own update rule is used as it is."""

    def still(w: Any, dw: Any, config: Any = None) -> Any:
        config.setdefault("learning_rate", 0)
        return w, config

    solver = small(update_rule=still)
    before = solver.model.params["W1"].copy()
    solver.train()
    np.testing.assert_array_equal(solver.model.params["W1"], before)


@pytest.mark.parametrize(
    ("kwargs", "what"),
    [
        ({"learning_rate": 1}, 'Unrecognized arguments "learning_rate"'),
        ({"a": 1, "b": 2}, 'Unrecognized arguments "a", "b"'),
        ({"update_rule": "newton"}, 'Invalid update_rule "newton"'),
        ({"batch_size": 0}, "Solver: batch_size is not usable"),
        ({"num_epochs": 1.5}, "Solver: num_epochs is not usable"),
    ],
)
def test_messages(kwargs: dict[str, Any], what: str) -> None:
    """Unknown or unusable arguments are refused, with the accepted ones."""
    with pytest.raises(ValueError) as caught:
        small(**kwargs)
    message = errors.read(str(caught.value))
    assert message.what == what
    assert message.expected and message.got


def test_messages_about_data() -> None:
    """Missing or mismatched data are refused."""
    good = {"X_train": np.ones((3, 2)), "y_train": np.ones(3, int), "X_val": np.ones((1, 2)), "y_val": np.ones(1, int)}
    with pytest.raises(ValueError, match="Solver: data is incomplete"):
        Solver(Scripted([]), {k: v for k, v in good.items() if k != "y_val"})
    with pytest.raises(ValueError, match="Solver: X_train and y_train do not belong together"):
        Solver(Scripted([]), good | {"y_train": np.ones(2, int)})


# Beside PyTorch


def shapes_data(n_train: int, n_val: int) -> dict[str, np.ndarray]:
    """The embedded stand-in images, as the notebooks use them."""
    images = data.load("shapes", n_train=n_train, n_test=n_val)
    scaled = {"X_train": images.x_train, "X_val": images.x_test}
    parts = {name: (x - 127.5) / 64 for name, x in scaled.items()}
    return parts | {"y_train": images.y_train, "y_val": images.y_test}


def torch_forward(p: dict[str, torch.Tensor], x: torch.Tensor, convolutional: bool) -> torch.Tensor:
    """The same network in PyTorch."""
    if convolutional:
        x = functional.max_pool2d(torch.relu(functional.conv2d(x, p["W1"], p["b1"], padding=(p["W1"].shape[2] - 1) // 2)), 2)
    x = x.flatten(1)
    last = sum(name.startswith("W") for name in p)
    for i in range(2 if convolutional else 1, last):
        x = torch.relu(x @ p[f"W{i}"] + p[f"b{i}"])
    return x @ p[f"W{last}"] + p[f"b{last}"]


def torch_training(p: dict[str, torch.Tensor], parts: dict[str, np.ndarray], kind: str, epochs: int, batch: int) -> tuple[Any, Any]:
    """Adam in PyTorch over the batches that the Solver draws: the losses, and the validation accuracies."""
    optimizer = torch.optim.Adam(p.values(), lr=1e-3)
    count = len(parts["X_train"])
    per_epoch, losses, accuracies = count // batch, [], []
    tensors = {name: torch.tensor(value) for name, value in parts.items()}
    for t in range(epochs * per_epoch):
        chosen = np.random.choice(count, batch)
        scores = torch_forward(p, tensors["X_train"][chosen], kind == "convolutional")
        loss = functional.cross_entropy(scores, tensors["y_train"][chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if t == 0 or (t + 1) % per_epoch == 0:
            np.random.choice(count, 1000)  # the solver draws its training samples here
            with torch.no_grad():
                scores = torch_forward(p, tensors["X_val"], kind == "convolutional")
            accuracies.append((scores.argmax(dim=1) == tensors["y_val"]).double().mean().item())
    return losses, accuracies


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["fully connected", "convolutional"])
def test_training_reaches_what_pytorch_reaches(kind: str) -> None:
    """Same initial weights, same batches, Adam: after every epoch the accuracy on 1000 new images is within one point.

    In float64: rounding grows along a training run, and two float32 runs that differ in nothing else end up to two points
    apart. That is chance, not code.
    """
    torch.set_num_threads(1)
    parts, epochs, batch = shapes_data(2500, 1000), 4, 50
    np.random.seed(11)
    if kind == "convolutional":
        model: Any = ThreeLayerConvNet(num_filters=8, filter_size=5, weight_scale=1e-2, dtype=np.float64)
    else:
        model = FullyConnectedNet([100, 50], weight_scale=2e-2, dtype=np.float64)
    p = {name: torch.tensor(value.copy(), requires_grad=True) for name, value in model.params.items()}
    settings = {"update_rule": "adam", "optim_config": {"learning_rate": 1e-3}, "num_epochs": epochs, "batch_size": batch}
    solver = Solver(model, parts, verbose=False, **settings)
    np.random.seed(12)
    solver.train()
    np.random.seed(12)
    losses, accuracies = torch_training(p, parts, kind, epochs, batch)
    np.testing.assert_allclose(solver.loss_history[:100], losses[:100], rtol=1e-6)
    np.testing.assert_allclose(solver.val_acc_history, accuracies, atol=0.01)
    assert solver.best_val_acc > 0.25
