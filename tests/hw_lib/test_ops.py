"""LayerOps: matching by name, the check of signatures, copies, and every error message."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from hw_lib import errors, layers
from hw_lib.models import FullyConnectedNet, ThreeLayerConvNet, TwoLayerNet
from hw_lib.ops import LayerOps


def relu_forward(x: Any) -> Any:
    """A student's function."""
    return layers.relu_forward(x)


def conv_forward_naive(images: Any, filters: Any, bias: Any, settings: Any = None) -> Any:
    """Other argument names, in the same order."""
    return layers.conv_forward_naive(images, filters, bias, settings)


def test_using_returns_a_copy() -> None:
    """The original keeps the library's layer; the copy has the student's."""
    ops = LayerOps()
    changed = ops.using(relu_forward)
    assert changed.relu_forward is relu_forward
    assert ops.relu_forward is layers.relu_forward
    assert changed.relu_backward is layers.relu_backward
    with pytest.raises(dataclasses.FrozenInstanceError):
        ops.relu_forward = relu_forward  # type: ignore[misc]


def test_endings_do_not_count() -> None:
    """conv_forward_naive replaces conv_forward, batchnorm_backward_alt replaces batchnorm_backward."""
    ops = LayerOps().using(conv_forward_naive, layers.batchnorm_backward_alt)
    assert ops.conv_forward is conv_forward_naive
    assert ops.batchnorm_backward is layers.batchnorm_backward_alt


def test_functions_that_take_anything_are_accepted() -> None:
    """A wrapper with *args can be called, so it is not refused."""

    def dropout_forward(*args: Any) -> Any:
        return layers.dropout_forward(*args)

    assert LayerOps().using(dropout_forward).dropout_forward is dropout_forward


def test_builtins_without_a_signature_are_accepted() -> None:
    """A callable that does not tell its arguments is taken at its word."""

    class Proxy:
        __name__ = "relu_forward"
        __signature__ = "unknown"

        def __call__(self, x: Any) -> Any:
            return layers.relu_forward(x)

    proxy = Proxy()
    assert LayerOps().using(proxy).relu_forward is proxy


def test_every_layer_of_the_models_goes_through_ops() -> None:
    """A model built from recording functions calls nothing else: every field is used by one of the three networks."""
    called = set()

    def recorder(name: str) -> Any:
        original = getattr(LayerOps(), name)

        def record(*args: Any) -> Any:
            called.add(name)
            return original(*args)

        record.__name__ = name
        return record

    names = [field.name for field in dataclasses.fields(LayerOps)]
    ops = LayerOps().using(*map(recorder, names))
    x, y = np.ones((2, 3, 4, 4)), np.array([0, 1])
    TwoLayerNet(48, 5, ops=ops).loss(x, y)
    FullyConnectedNet([5], 48, dropout=0.5, use_batchnorm=True, ops=ops).loss(x, y)
    ThreeLayerConvNet((3, 4, 4), 2, 3, 5, ops=ops).loss(x, y)
    assert called == set(names)


def wrong(name: str, code: str = "lambda x: x") -> Any:
    """A function with a name."""
    function = eval(code)
    function.__name__ = name
    return function


@pytest.mark.parametrize(
    ("functions", "what", "fix"),
    [
        ([wrong("relu_foward")], "no layer is called 'relu_foward'", "did you mean 'relu_forward'?"),
        ([wrong("batch_norm_forward")], "no layer is called 'batch_norm_forward'", "did you mean 'batchnorm_forward'?"),
        ([wrong("zzz")], "no layer is called 'zzz'", "rename your function to one of these"),
        ([wrong("affine_forward")], "affine_forward has the wrong signature", "give it these arguments"),
        ([wrong("relu_forward", "lambda: 0")], "relu_forward has the wrong signature", "give it these arguments"),
        ([relu_forward, layers.relu_forward], "two functions for relu_forward", "pass one of the two"),
    ],
)
def test_messages(functions: list[Any], what: str, fix: str) -> None:
    """A wrong name or signature is refused when it is passed, not when the model runs."""
    with pytest.raises(ValueError, match=r"LayerOps\.using") as caught:
        LayerOps().using(*functions)
    message = errors.read(str(caught.value))
    assert message.what == f"LayerOps.using: {what}"
    assert message.expected and message.got
    assert message.fix.startswith(fix)


@pytest.mark.parametrize("thing", [3, "relu_forward", layers])
def test_what_is_no_function_is_refused(thing: Any) -> None:
    """A number, a name or a module is a TypeError with the same kind of message."""
    with pytest.raises(TypeError, match="not a function with a name"):
        LayerOps().using(thing)
