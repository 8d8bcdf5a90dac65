"""A ResNet can be made where torchvision's compiled operators do not load, as beside PyTorch's CPU build."""

from __future__ import annotations

import subprocess
import sys

import pytest

WITHOUT = """
import torch
def refuse(path):
    raise OSError("undefined symbol")
torch.ops.load_library = refuse
try:
    import torchvision
except RuntimeError as error:
    print(error)
from hw_lib.labs.memory.training import resnet
print(sum(parameter.numel() for parameter in resnet(18, 10, "meta").parameters()))
"""


@pytest.mark.slow
def test_a_resnet_without_compiled_operators() -> None:
    """torchvision's own import fails, ours does not."""
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.splitlines() == ["operator torchvision::nms does not exist", "11181642"], done.stderr
