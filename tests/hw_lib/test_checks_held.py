"""Every number that a network can reach is counted, once, and nothing of the libraries around it."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from hw_lib.checks import held


def written_in_a_notebook(source: str) -> Any:
    """The network that a notebook's cell makes: its classes and functions belong to `__main__`."""
    names: dict[str, Any] = {"__name__": "__main__", "nn": nn, "torch": torch, "np": np, "functools": functools}
    exec(source, names)
    return names["net"]


def test_an_ordinary_network() -> None:
    """Parameters and buffers, running averages and their counter; nothing else of PyTorch's is counted."""
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Linear(5, 6))
    assert held.numbers(net) == 3 * 8 * 9 + 8 + 4 * 8 + 1 + 36


def test_what_is_used_twice_counts_once_and_equal_tensors_do_not() -> None:
    """Tying shares the memory; a copy has its own."""
    tied, copied = (nn.Sequential(nn.Linear(10, 10, bias=False), nn.Linear(10, 10, bias=False)) for _ in range(2))
    tied[1].weight = tied[0].weight
    copied[1].load_state_dict(copied[0].state_dict())
    assert held.numbers(tied) == 100
    assert held.numbers(copied) == 200


def test_a_view_counts_as_what_it_is_a_view_of() -> None:
    """A slice keeps the whole memory alive, and whoever has it can reach all of it."""
    net = nn.Linear(2, 1, bias=False)
    net.look = torch.zeros(1000)[:3]  # type: ignore[assignment]
    net.array = np.zeros((50, 10))[0]  # type: ignore[assignment]
    assert held.numbers(net) == 2 + 1000 + 500


_NET = "class Net(nn.Module):\n    def forward(self, x):\n        return x * {}\n"
HIDING = {
    "a list": "net = nn.ReLU()\nnet.more = [torch.zeros(500), {'a': (torch.zeros(500),)}]",
    "a buffer that is not saved": "net = nn.ReLU()\nnet.register_buffer('more', torch.zeros(1000), persistent=False)",
    "a closure": "def make(more=None):\n    w = torch.zeros(1000)\n    class Net(nn.Module):\n        def forward(self, x):\n"
    "            return x * w.sum()\n    return Net()\nnet = make()",
    "a global": "w = torch.zeros(1000)\n" + _NET.format("w.sum()") + "net = Net()",
    "a global of a function": "w = torch.zeros(1000)\ndef f(x):\n    return x * w.sum()\n" + _NET.format("f(x)") + "net = Net()",
    "a default": "def f(x, w=torch.zeros(1000)):\n    return w\nnet = nn.ReLU()\nnet.forward = f",
    "a partial": "net = nn.ReLU()\nnet.forward = functools.partial(torch.add, torch.zeros(1000))",
    "a hook": "w = torch.zeros(1000)\nnet = nn.ReLU()\nnet.register_forward_hook(lambda layer, x, out: out * w.sum())",
    "a class": "class Net(nn.Module):\n    more = torch.zeros(1000)\nnet = Net()",
    "an own object": "class Box:\n    __slots__ = ('w',)\nbox = Box()\nbox.w = torch.zeros(1000)\nnet = nn.ReLU()\nnet.box = box",
    "a dict of an object": "class Box:\n    pass\nbox = Box()\nbox.w = np.zeros(1000)\nnet = nn.ReLU()\nnet.box = box",
    "plain numbers": "net = nn.ReLU()\nnet.more = [0.5 * k for k in range(1000)]",
    "packed bytes": "net = nn.ReLU()\nnet.more = bytes(4000)",
    "one number": "net = nn.ReLU()\nnet.more = 1 << 30_000",  # 30 bits in 4 bytes
    "an array of the standard library": "import array\nnet = nn.ReLU()\nnet.more = array.array('f', [0.5] * 980)",
    "a queue": "import collections\nnet = nn.ReLU()\nnet.more = collections.deque([torch.zeros(1000)])",
    "an iterator": "net = nn.ReLU()\nnet.more = iter([torch.zeros(1000)])",
    "a generator": "def make(w):\n    yield w\nnet = nn.ReLU()\nnet.more = make(torch.zeros(1000))",
    "an array of objects": "net = nn.ReLU()\nnet.more = np.array([None, torch.zeros(998)], dtype=object)",
    "a long text in an array": "net = nn.ReLU()\nnet.more = np.array(['x' * 2000])",
    "written numbers": "class Net(nn.Module):\n    def forward(self, x):\n        return x * sum(("
    + "1.5, " * 1000
    + "))\nnet = Net()",
}


@pytest.mark.parametrize("place", HIDING)
def test_nothing_is_hidden(place: str) -> None:
    """A thousand numbers are found wherever they are kept; Python's own bookkeeping of bytes may add a few."""
    assert 1000 <= held.numbers(written_in_a_notebook(HIDING[place])) <= 1020


def test_a_pickle_tells_what_nothing_else_does() -> None:
    """What only its pickle would bring along counts as well; the names and settings of its layers do not."""

    class Net(nn.ReLU):
        def __reduce__(self) -> tuple[Any, ...]:
            return bytes, (bytes(900_000),)

    assert held.numbers(Net()) == pytest.approx(100_000, abs=20)
    assert held.numbers(nn.Sequential(*(nn.ReLU() for _ in range(50)))) == 0


def test_what_a_network_does_not_use_is_not_counted() -> None:
    """A notebook's data are its own, unless the network mentions them; settings are no numbers."""
    source = (
        "x_train = torch.zeros(100_000)\nname = 'a long text ' * 10\n"
        + _NET.format("len(name)")
        + "net = Net()\nnet.size = (3, 32)"
    )
    assert held.numbers(written_in_a_notebook(source)) == 0


def test_what_never_ends_is_too_much() -> None:
    """More objects than anybody looks at count as more numbers than any rule allows."""
    net = nn.ReLU()
    net.more = [[] for _ in range(held.MOST_OBJECTS + 1)]  # type: ignore[assignment]
    assert held.numbers(net) > 1_000_000


def test_a_proxy_is_asked_where_the_network_is() -> None:
    """A grader's test has no network, only what stands for it."""

    class Proxy:
        def remote_apply(self, function: Any) -> int:
            return int(function(nn.Linear(3, 4)))

    assert held.numbers(Proxy()) == 16
