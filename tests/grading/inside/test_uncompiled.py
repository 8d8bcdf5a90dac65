"""PyTorch's compiler stays out of a process that compiles nothing; whoever asks for it finds it, and everything is as ever."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

BEFORE = """
import inspect, json, os, sys
from grading.inside import uncompiled
if {installed}:
    uncompiled.install()
import torch
asleep = lambda: type(sys.modules["torch._dynamo"]).__name__ == "_Asleep" and "torch._dynamo.eval_frame" not in sys.modules
torch.manual_seed(0)
layer = torch.nn.Linear(3, 2)
optimizers = [kind(layer.parameters(), lr=0.1) for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop)]
def step():
    for optimizer in optimizers:
        optimizer.zero_grad()
        layer(torch.ones(4, 3)).square().sum().backward()
        optimizer.step()
        optimizer.load_state_dict(optimizer.state_dict())
for _ in range(3):
    step()
inspect.getmodule(step.__code__)  # asks all modules for their files
assert asleep() == {installed}
"""
EACH = """
for way in {ways}:
    if os.fork() == 0:
        exec(way)
        assert not asleep() and torch._dynamo is sys.modules["torch._dynamo"]
        step()
        method = torch.optim.Optimizer.zero_grad.__wrapped__
        assert method.__dict__["__dynamo_disable"] is not method  # the compiler's own form of it
        os.write(1, json.dumps([layer.weight.tolist(), layer.bias.tolist()]).encode() + b"\\n")
        os._exit(0)
    assert os.wait()[1] == 0, way
"""
WAYS = (
    "torch.compile(step, backend='eager')()",
    "from torch._dynamo.utils import counters; import torch._dynamo.eval_frame; assert counters is torch._dynamo.utils.counters",
    "from torchvision import models; assert torch._dynamo.config is torch._dynamo.eval_frame.config",
    "assert torch.compiler.disable(lambda x: x + 1)(1) == 2",
    "assert getattr(torch._dynamo, 'no_such_name', None) is None",
)


def said(text: str, *, installed: bool) -> str:
    """What a fresh process prints."""
    code = BEFORE.replace("{installed}", str(installed)) + text
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_optimizers_step_without_the_compiler() -> None:
    """The numbers are the same to the last bit, and nothing of the compiler was imported."""
    text = "print(json.dumps([layer.weight.tolist(), 'torch._dynamo.eval_frame' in sys.modules]))"
    (weight, imported), (own, needed) = (json.loads(said(text, installed=installed)) for installed in (True, False))
    assert (weight, imported, needed) == (own, False, True)


def test_a_step_finds_at_once_what_it_asks_for() -> None:
    """Nothing is looked for in every step: that took four times as long as the step itself."""
    text = "kept = {'__spec__', 'disable', 'graph_break'}\nprint(kept <= vars(torch._dynamo).keys(), '_dynamo' in vars(torch))"
    assert said(text, installed=True).split() == ["True", "True"]


@pytest.mark.slow
def test_whoever_asks_wakes_it() -> None:
    """Whatever they ask it for, from then on everything is as if it had been imported at the beginning."""
    text = EACH.replace("{ways}", repr(WAYS))
    expected = said(text, installed=False)
    assert said(text, installed=True) == expected
    assert len(expected.splitlines()) == len(WAYS)
