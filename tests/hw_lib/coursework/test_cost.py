"""The counter: hand-counted cases, PyTorch's parameter counts, real arrays' sizes, and every error message."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from hw_lib import errors, layers
from hw_lib.coursework import cost
from hw_lib.models import ThreeLayerConvNet


def test_a_network_by_hand() -> None:
    """The three-layer net's parameters are those of the model, its multiply-adds those of its formulas."""
    stack = [cost.conv(32, 7, pad=3), cost.relu(), cost.max_pool(2), cost.affine(100), cost.relu(), cost.affine(10)]
    counted = cost.count((3, 32, 32), stack)
    assert counted.parameters == sum(p.size for p in ThreeLayerConvNet().params.values())
    assert counted.multiply_adds == 32 * 32 * 32 * 3 * 49 + 8192 * 100 + 1000
    assert [row.out for row in counted.layers][2:4] == [(32, 16, 16), (100,)]
    assert counted.activation_bytes(10) == 10 * 4 * (3072 + 32768 + 32768 + 8192 + 100 + 100)
    assert counted.parameter_bytes(8) == 8 * counted.parameters
    assert counted.training_bytes(10, states=2) == 16 * counted.parameters + counted.activation_bytes(10)


def test_the_table_can_be_read() -> None:
    """One line for each layer, a header and the totals, all equally long."""
    lines = str(cost.count((4,), [cost.affine(1000), cost.dropout()])).split("\n")
    assert [line.split()[0] for line in lines] == ["layer", "affine", "dropout", "total"]
    assert "5,000" in lines[-1]
    assert len({len(line) for line in lines}) == 1


@given(
    C=st.integers(1, 4),
    F=st.integers(1, 4),
    side=st.integers(4, 9),
    k=st.integers(1, 4),
    s=st.integers(1, 3),
    pad=st.integers(0, 2),
)
@settings(deadline=None, max_examples=40)
def test_shapes_and_parameters_are_pytorchs(C: int, F: int, side: int, k: int, s: int, pad: int) -> None:
    """Every layer with weights or windows gives PyTorch's output shape and number of parameters."""
    pairs = [
        (cost.conv(F, k, stride=s, pad=pad), nn.Conv2d(C, F, k, s, pad)),
        (cost.conv(F, k, stride=s, pad=pad, bias=False), nn.Conv2d(C, F, k, s, pad, bias=False)),
        (cost.depthwise_conv(k, stride=s, pad=pad), nn.Conv2d(C, C, k, s, pad, groups=C)),
        (cost.pointwise_conv(F), nn.Conv2d(C, F, 1)),
        (cost.max_pool(k, stride=s), nn.MaxPool2d(k, s)),
        (cost.avg_pool(k), nn.AvgPool2d(k)),
        (cost.norm(), nn.BatchNorm2d(C)),
        (cost.conv_transpose(F, k, stride=s), nn.ConvTranspose2d(C, F, k, s)),
        (cost.affine(F), nn.Sequential(nn.Flatten(), nn.Linear(C * side * side, F))),
    ]
    x = torch.zeros(2, C, side, side)
    for ours, theirs in pairs:
        row = cost.count((C, side, side), [ours]).layers[0]
        assert row.out == tuple(theirs(x).shape[1:]), row.name
        assert row.parameters == sum(p.numel() for p in theirs.parameters()), row.name


def test_kept_is_what_the_caches_hold() -> None:
    """What a layer keeps for its backward pass is its input, as in this library's caches."""
    x = np.ones((1, 3, 8, 8))
    _, (kept, *_) = layers.conv_forward_fast(x, np.ones((2, 3, 3, 3)), np.ones(2), {"stride": 1, "pad": 1})
    assert cost.count((3, 8, 8), [cost.conv(2, 3, pad=1)]).layers[0].kept == kept.size
    assert cost.count((3, 8, 8), [cost.relu()]).layers[0].kept == layers.relu_forward(x)[1].size


@pytest.mark.parametrize(
    ("shape", "layer", "what"),
    [
        ((10,), cost.conv(2, 3), "cost: conv 3x3, 2 does not fit"),
        ((3, 4, 4), cost.conv(2, 5), "cost: conv 5x5, 2 does not fit"),
        ((3, 4, 4), cost.max_pool(2, stride=-1), "cost: max pool 2x2 does not fit"),
        ((10,), cost.avg_pool(2), "cost: average pool 2x2 does not fit"),
        ((3, 1, 1), cost.conv_transpose(2, 2, pad=1), "cost: conv transpose 2x2, 2 does not fit"),
    ],
)
def test_messages(shape: tuple[int, ...], layer: cost.Layer, what: str) -> None:
    """A layer that does not fit the shape that reaches it is named."""
    with pytest.raises(ValueError, match="cost: ") as caught:
        cost.count(shape, [layer])
    message = errors.read(str(caught.value))
    assert message.what == what
    assert message.expected and message.got and message.fix
