"""The affine layer and the activations: small cases by hand, extremes, and every error message."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hw_lib import errors, layers


def test_affine_by_hand() -> None:
    """Two samples of two features, worked out on paper."""
    x, w, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [10.0]]), np.array([0.5])
    out, cache = layers.affine_forward(x, w, b)
    np.testing.assert_array_equal(out, [[21.5], [43.5]])
    dx, dw, db = layers.affine_backward(np.array([[1.0], [2.0]]), cache)
    np.testing.assert_array_equal(dx, [[1, 10], [2, 20]])
    np.testing.assert_array_equal(dw, [[7], [10]])
    np.testing.assert_array_equal(db, [3])


def test_the_cache_is_the_inputs() -> None:
    """Notebooks take (x, w, b) out of the cache, so it holds these very arrays."""
    x, w, b = np.ones((2, 3, 4)), np.ones((12, 5)), np.ones(5)
    assert all(kept is given for kept, given in zip(layers.affine_forward(x, w, b)[1], (x, w, b), strict=True))


def test_affine_takes_integers() -> None:
    """Integer inputs give float64 outputs and gradients."""
    out, cache = layers.affine_forward(np.arange(6).reshape(2, 3), np.ones((3, 2), int), np.array([1, 2]))
    np.testing.assert_array_equal(out, [[4, 5], [13, 14]])
    assert {g.dtype for g in layers.affine_backward(out, cache)} == {np.dtype(np.float64)}


def test_gradients_have_the_dtype_of_their_arrays() -> None:
    """A float64 batch does not turn float32 weights into float64 ones."""
    x, w, b = np.ones((2, 3)), np.ones((3, 4), np.float32), np.ones(4, np.float32)
    out, cache = layers.affine_forward(x, w, b)
    assert [g.dtype for g in layers.affine_backward(out, cache)] == [np.float64, np.float32, np.float32]


def test_an_empty_batch_is_allowed() -> None:
    """No samples give no scores and zero gradients."""
    out, cache = layers.affine_forward(np.ones((0, 3)), np.ones((3, 2)), np.ones(2))
    dx, dw, _ = layers.affine_backward(out, cache)
    assert (out.shape, dx.shape) == ((0, 2), (0, 3))
    assert not dw.any()


@pytest.mark.parametrize(
    ("shapes", "what"),
    [
        (((2, 3), (4, 5), (5,)), "x does not fit w"),
        (((2, 3, 2), (5, 4), (4,)), "x does not fit w"),
        (((), (1, 1), (1,)), "x does not fit w"),
        (((2, 3), (3,), (3,)), "w is not a matrix"),
        (((2, 3), (3, 4), (3,)), "b has the wrong shape"),
        (((2, 3), (3, 4), (4, 1)), "b has the wrong shape"),
    ],
)
def test_messages_of_forward(shapes: tuple, what: str) -> None:
    """Shapes that do not belong together are refused with what was expected."""
    with pytest.raises(ValueError, match="affine_forward") as caught:
        layers.affine_forward(*map(np.ones, shapes))
    message = errors.read(str(caught.value))
    assert message.what == f"affine_forward: {what}"
    assert message.expected and message.got and message.fix


BACKWARDS = {
    "affine_backward": (layers.affine_backward, (np.ones((2, 3)), np.ones((3, 4)), np.ones(4)), (2, 3)),
    "relu_backward": (layers.relu_backward, np.ones((2, 3)), (3, 2)),
    "leaky_relu_backward": (layers.leaky_relu_backward, (np.ones((2, 3)), 0.1), (2,)),
    "sigmoid_backward": (layers.sigmoid_backward, np.ones((2, 3)), (2, 1)),
    "tanh_backward": (layers.tanh_backward, np.ones((2, 3)), (3,)),
}


@pytest.mark.parametrize("name", BACKWARDS)
def test_messages_of_backward(name: str) -> None:
    """An upstream gradient of another shape is refused, even where it would broadcast."""
    backward, cache, shape = BACKWARDS[name]
    with pytest.raises(ValueError, match=f"{name}: dout has the wrong shape"):
        backward(np.ones(shape), cache)


@pytest.mark.parametrize("slope", [-0.1, np.inf, np.nan])
def test_leaky_relu_refuses_a_strange_slope(slope: float) -> None:
    """A slope that is negative or not finite gets the message."""
    with pytest.raises(ValueError, match="leaky_relu_forward: slope is not usable") as caught:
        layers.leaky_relu_forward(np.ones(3), slope)
    assert errors.read(str(caught.value)).fix


def test_relu_at_zero() -> None:
    """At 0 the output is 0, and so is the gradient."""
    x = np.array([-1.0, 0.0, 2.0])
    out, cache = layers.relu_forward(x)
    np.testing.assert_array_equal(out, [0, 0, 2])
    np.testing.assert_array_equal(layers.relu_backward(np.full(3, 5.0), cache), [0, 0, 5])
    assert cache is x


@given(x=arrays.arrays(np.float32, arrays.array_shapes(), elements=st.floats(-(2.0**60), 2.0**60, width=32)))
@settings(deadline=None, max_examples=50)
def test_sigmoid_never_overflows(x: np.ndarray) -> None:
    """Any number gives a value in [0, 1], without a warning, and sigmoid(-x) = 1 - sigmoid(x)."""
    out, _ = layers.sigmoid_forward(x)
    assert out.dtype == np.float32
    assert np.all((out >= 0) & (out <= 1))
    np.testing.assert_allclose(out + layers.sigmoid_forward(-x)[0], 1, rtol=1e-6)


def test_sigmoid_keeps_its_left_tail() -> None:
    """Far to the left the value is exp(x), not 0."""
    np.testing.assert_allclose(layers.sigmoid_forward(np.array([-50.0]))[0], np.exp(-50), rtol=1e-12)
