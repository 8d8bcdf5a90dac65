"""The networks: PyTorch as oracle, finite differences, modes, initialisation, and every error message."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from hw_lib import errors, layers
from hw_lib.gradient_check import check_gradient
from hw_lib.models import FullyConnectedNet, ThreeLayerConvNet, TwoLayerNet
from hw_lib.ops import LayerOps

X = np.random.default_rng(0).standard_normal((5, 3, 8, 8))
Y = np.array([0, 3, 1, 2, 3])


def two_layer(**kwargs: Any) -> TwoLayerNet:
    """A small TwoLayerNet from a fixed seed."""
    np.random.seed(0)
    return TwoLayerNet(192, 10, 4, 0.1, **kwargs)


def fully_connected(**kwargs: Any) -> FullyConnectedNet:
    """A small FullyConnectedNet from a fixed seed."""
    np.random.seed(0)
    return FullyConnectedNet([12, 10], 192, 4, **{"weight_scale": 0.1, "dtype": np.float64, **kwargs})


def convolutional(**kwargs: Any) -> ThreeLayerConvNet:
    """A small ThreeLayerConvNet from a fixed seed."""
    np.random.seed(0)
    return ThreeLayerConvNet((3, 8, 8), 4, 3, 10, 4, **{"weight_scale": 0.1, "dtype": np.float64, **kwargs})


def torch_scores(model: Any, p: dict[str, torch.Tensor]) -> torch.Tensor:
    """The same network in PyTorch, without dropout; batchnorm in train mode."""
    out = torch.tensor(X)
    if isinstance(model, ThreeLayerConvNet):
        out = functional.max_pool2d(torch.relu(functional.conv2d(out, p["W1"], p["b1"], padding=1)), 2)
    out, first = out.flatten(1), 2 if isinstance(model, ThreeLayerConvNet) else 1
    last = sum(name.startswith("W") for name in p)
    for i in range(first, last):
        out = out @ p[f"W{i}"] + p[f"b{i}"]
        if f"gamma{i}" in p:
            out = functional.batch_norm(out, None, None, p[f"gamma{i}"], p[f"beta{i}"], training=True)
        out = torch.relu(out)
    return out @ p[f"W{last}"] + p[f"b{last}"]


MODELS = {
    "two layers": two_layer,
    "fully connected": fully_connected,
    "with batchnorm": lambda **kwargs: fully_connected(use_batchnorm=True, **kwargs),
    "convolutional": convolutional,
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_loss_and_gradients_agree_with_pytorch(name: str, reg: float) -> None:
    """Loss, scores and the gradient of every parameter are PyTorch's, with L2 on the weights only; X is untouched."""
    model, before = MODELS[name](reg=reg), X.copy()
    loss, grads = model.loss(X, Y)
    p = {key: torch.tensor(value, requires_grad=True) for key, value in model.params.items()}
    scores = torch_scores(model, p)
    expected = functional.cross_entropy(scores, torch.tensor(Y))
    expected = expected + sum(0.5 * reg * (value**2).sum() for key, value in p.items() if key.startswith("W"))
    expected.backward()
    assert abs(loss - expected.item()) < 1e-10
    assert list(grads) == list(model.params)
    for key, value in p.items():
        np.testing.assert_allclose(grads[key], value.grad.numpy(), rtol=1e-9, atol=1e-11, err_msg=key)
    if name != "with batchnorm":
        np.testing.assert_allclose(model.loss(X), scores.detach().numpy(), rtol=1e-9, atol=1e-11)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("name", [*MODELS, "with dropout", "with both"])
def test_gradients_agree_with_finite_differences(name: str) -> None:
    """check_gradient finds nothing wrong in whole networks, with seeded dropout too."""
    options: dict[str, Any] = {"dropout": 0.4, "seed": 1, "use_batchnorm": name == "with both"}
    model = MODELS[name](reg=0.1) if name in MODELS else fully_connected(reg=0.1, **options)

    def forward(*values: np.ndarray) -> Any:
        model.params = dict(zip(model.params, values, strict=True))
        return model.loss(X, Y)

    check_gradient(forward, lambda dout, grads: [dout * grad for grad in grads.values()], dict(model.params))


def test_initialisation_draws_in_the_order_of_the_layers() -> None:
    """Seeding NumPy's global generator gives the classic weights: randn for each W in turn, cast to dtype."""
    model = fully_connected(use_batchnorm=True, dtype=np.float32)
    np.random.seed(0)
    for name, shape in (("W1", (192, 12)), ("W2", (12, 10)), ("W3", (10, 4))):
        np.testing.assert_array_equal(model.params[name], (np.random.randn(*shape) * 0.1).astype(np.float32))
    assert not model.params["b1"].any() and not model.params["beta2"].any()
    assert (model.params["gamma1"] == 1).all()
    assert {value.dtype for value in model.params.values()} == {np.dtype(np.float32)}


def test_other_initialisations() -> None:
    """'zero' gives zeros; 'he' gives a standard deviation of sqrt(2 / rows) whatever weight_scale is."""
    assert not fully_connected(initialization="zero").params["W1"].any()
    np.testing.assert_allclose(
        fully_connected(initialization="he").params["W1"], fully_connected().params["W1"] * 10 * np.sqrt(2 / 192), rtol=1e-12
    )


def test_attributes_are_the_classic_ones() -> None:
    """The names that notebooks read."""
    model = fully_connected(dropout=0.3, use_batchnorm=True, reg=0.5, seed=4)
    assert (model.use_dropout, model.use_batchnorm, model.reg, model.num_layers) == (True, True, 0.5, 3)
    assert model.dropout_param == {"mode": "train", "p": 0.3, "seed": 4}
    assert model.bn_params == [{"mode": "train"}, {"mode": "train"}]
    assert set(model.params) == {"W1", "b1", "W2", "b2", "W3", "b3", "gamma1", "beta1", "gamma2", "beta2"}
    plain = fully_connected()
    assert (plain.use_dropout, plain.dropout_param, plain.bn_params) == (False, {}, [])
    assert TwoLayerNet().params["W1"].shape == (3072, 100)
    assert {k: v.shape for k, v in ThreeLayerConvNet().params.items()} == {
        "W1": (32, 3, 7, 7),
        "b1": (32,),
        "W2": (8192, 100),
        "b2": (100,),
        "W3": (100, 10),
        "b3": (10,),
    }


def test_scoring_uses_running_statistics() -> None:
    """A sample's scores do not depend on its batch, and scoring does not move the running statistics."""
    model = fully_connected(use_batchnorm=True)
    for _ in range(5):
        model.loss(X, Y)
    before = model.bn_params[0]["running_mean"].copy()
    np.testing.assert_allclose(model.loss(X)[:2], model.loss(X[:2]), rtol=1e-9)
    np.testing.assert_array_equal(model.bn_params[0]["running_mean"], before)
    model.loss(X, Y)
    assert model.bn_params[0]["mode"] == "train"


def test_legacy_mode_scores_with_the_batch() -> None:
    """legacy_bn_mode reproduces the classic mistake: batch statistics while scoring, and running ones that move."""
    model = fully_connected(use_batchnorm=True, legacy_bn_mode=True)
    scores = model.loss(X)
    p = {key: torch.tensor(value) for key, value in model.params.items()}
    np.testing.assert_allclose(scores, torch_scores(model, p).numpy(), rtol=1e-9, atol=1e-11)
    assert model.bn_params[0]["running_mean"].any()


def test_dropout_is_off_while_scoring() -> None:
    """Scores are the same on every call, losses are not; a seed makes the losses the same too."""
    model = fully_connected(dropout=0.5)
    np.testing.assert_array_equal(model.loss(X), model.loss(X))
    assert model.loss(X, Y)[0] != model.loss(X, Y)[0]
    assert model.dropout_param["mode"] == "train"
    seeded = fully_connected(dropout=0.5, seed=1)
    assert seeded.loss(X, Y)[0] == seeded.loss(X, Y)[0]


@pytest.mark.parametrize("make", [fully_connected, convolutional])
def test_float32_stays_float32(make: Any) -> None:
    """Parameters, scores and gradients are float32 when dtype is."""
    model = make(dtype=np.float32, reg=0.1)
    _, grads = model.loss(X.astype(np.float32), Y)
    assert {grad.dtype for grad in grads.values()} == {np.dtype(np.float32)}
    assert model.loss(X.astype(np.float32)).dtype == np.float32


def test_an_odd_image_and_an_even_filter_fit() -> None:
    """The size after pooling is worked out from the image, whatever the filter."""
    for size, side in ((2, 7), (3, 9), (5, 6), (4, 8)):
        model = ThreeLayerConvNet((1, side, side), 2, size, 5, 3, dtype=np.float64)
        assert model.loss(np.ones((2, 1, side, side))).shape == (2, 3)


def test_students_layers_reach_the_network() -> None:
    """A model built with a student's wrong layer computes with it; the library's own stays elsewhere."""

    def relu_forward(x: np.ndarray) -> Any:
        return 0 * x, x

    model = fully_connected(ops=LayerOps().using(relu_forward))
    assert not model.loss(X).any()
    naive = convolutional(ops=LayerOps().using(layers.conv_forward_naive, layers.conv_backward_naive))
    for a, b in zip(naive.loss(X, Y)[1].values(), convolutional().loss(X, Y)[1].values(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: TwoLayerNet(hidden_dim=0), "TwoLayerNet: hidden_dim is not usable"),
        (lambda: FullyConnectedNet([10, 2.5]), "FullyConnectedNet: hidden_dims is not usable"),
        (lambda: FullyConnectedNet([10], dropout=1), "FullyConnectedNet: dropout is outside [0, 1)"),
        (lambda: FullyConnectedNet([10], dropout=-0.1), "FullyConnectedNet: dropout is outside [0, 1)"),
        (lambda: FullyConnectedNet([10], initialization="He"), "FullyConnectedNet: unknown initialization"),
        (lambda: ThreeLayerConvNet(num_filters=-1), "ThreeLayerConvNet: num_filters is not usable"),
        (lambda: ThreeLayerConvNet((3, 1, 1)), "ThreeLayerConvNet: pixels_after_pooling is not usable"),
    ],
)
def test_messages(make: Any, what: str) -> None:
    """Wrong arguments are refused when the network is made."""
    with pytest.raises(ValueError) as caught:
        make()
    message = errors.read(str(caught.value))
    assert message.what == what
    assert message.expected and message.got and message.fix
