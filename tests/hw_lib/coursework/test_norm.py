"""Layer, group and instance norm: what they do not depend on, their extremes, and every error message."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from hw_lib import coursework, errors
from tests.hw_lib.test_norm import normal

ONES, X, IMAGES = np.ones(5), np.ones((2, 5)), np.ones((2, 5, 3, 3))


def test_layernorm_ignores_the_rest_of_the_batch() -> None:
    """A sample alone gives what it gives in a batch."""
    x = normal((4, 6))
    out, _ = coursework.layernorm_forward(x, np.ones(6), np.zeros(6), {})
    alone, _ = coursework.layernorm_forward(x[2:3], np.ones(6), np.zeros(6), {})
    np.testing.assert_allclose(out[2:3], alone, rtol=1e-12)


def test_group_norm_between_its_extremes() -> None:
    """One group is layer norm of the whole image; as many groups as channels is instance norm; both agree with PyTorch."""
    x, gamma, beta = normal((3, 4, 2, 5)), normal((4,)), normal((4,), 1)
    one, _ = coursework.spatial_groupnorm_forward(x, np.ones(4), np.zeros(4), 1, {})
    flat, _ = coursework.layernorm_forward(x.reshape(3, -1), np.ones(40), np.zeros(40), {})
    np.testing.assert_allclose(one.reshape(3, -1), flat, rtol=1e-12)
    for G in (1, 2, 4):
        out, _ = coursework.spatial_groupnorm_forward(x, gamma, beta, G, {})
        expected = torch.nn.functional.group_norm(torch.tensor(x), G, torch.tensor(gamma), torch.tensor(beta)).numpy()
        np.testing.assert_allclose(out, expected, rtol=1e-9)
    np.testing.assert_array_equal(coursework.instancenorm_forward(x, gamma, beta, {})[0], out)


def test_group_norm_takes_parameters_with_image_axes() -> None:
    """gamma and beta of (1, C, 1, 1), as some courses write them, work, and their gradients have that shape."""
    x, gamma, beta = normal((2, 4, 3, 3)), normal((1, 4, 1, 1)), normal((1, 4, 1, 1), 1)
    out, cache = coursework.spatial_groupnorm_forward(x, gamma, beta, 2, {})
    np.testing.assert_array_equal(out, coursework.spatial_groupnorm_forward(x, gamma.ravel(), beta.ravel(), 2, {})[0])
    assert [g.shape for g in coursework.spatial_groupnorm_backward(x, cache)] == [x.shape, (1, 4, 1, 1), (1, 4, 1, 1)]


MESSAGES = [
    ("layernorm_forward: gamma has the wrong shape", coursework.layernorm_forward, (X, np.ones(2), ONES, {})),
    ("layernorm_forward: eps is not usable", coursework.layernorm_forward, (X, ONES, ONES, {"eps": np.nan})),
    (
        "spatial_groupnorm_forward: G does not divide the channels",
        coursework.spatial_groupnorm_forward,
        (IMAGES, ONES, ONES, 2, {}),
    ),
    ("spatial_groupnorm_forward: beta has the wrong shape", coursework.spatial_groupnorm_forward, (IMAGES, ONES, X, 5, {})),
    ("spatial_groupnorm_forward: x has the wrong number of axes", coursework.instancenorm_forward, (X, ONES, ONES, {})),
]


@pytest.mark.parametrize(("what", "function", "args"), MESSAGES, ids=[row[0] for row in MESSAGES])
def test_messages(what: str, function: Any, args: tuple[Any, ...]) -> None:
    """Every wrong call is a ValueError in the project's format, before any arithmetic."""
    with pytest.raises(ValueError) as caught:
        function(*args)
    message = errors.read(str(caught.value))
    assert message.what == what
    assert message.expected and message.fix


BACKWARDS = [
    (coursework.layernorm_backward, coursework.layernorm_forward, X, ({},)),
    (coursework.spatial_groupnorm_backward, coursework.spatial_groupnorm_forward, IMAGES, (5, {})),
]


@pytest.mark.parametrize(("backward", "forward", "x", "extra"), BACKWARDS, ids=[row[0].__name__ for row in BACKWARDS])
def test_messages_of_backward(backward: Any, forward: Any, x: np.ndarray, extra: tuple[Any, ...]) -> None:
    """An upstream gradient of another shape is refused."""
    _, cache = forward(x, ONES, ONES, *extra)
    with pytest.raises(ValueError, match=f"{backward.__name__}: dout has the wrong shape"):
        backward(x[:1], cache)
