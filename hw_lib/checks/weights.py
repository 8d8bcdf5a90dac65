"""Checks of handed-in network weights: read without running anything in the file, counted, and compared with what a record claims.

Knows nothing of how a network is built: whoever has one brings it. torch is imported only when a file is read.
"""

from __future__ import annotations

import pickle
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.checks.numbers import shape
from hw_lib.errors import CheckFailed, NeedsPerson, explain

if TYPE_CHECKING:
    from torch import Tensor

MOST_BYTES = 12_000_000  # of a file: a million float64 numbers and a margin
MOST_NUMBERS = 3_000_000  # in all tensors together, whatever the file's size says
_AVERAGES = ("running_mean", "running_var", "num_batches_tracked")
_AGAIN = "train again (recorder.forget('its name'), then its cell), and hand in the weights and the record that this run writes"


def read_weights(path: str | Path) -> dict[str, Tensor]:
    """Read a state_dict from an untrusted file.

    Args:
        path: a file that `torch.save` wrote.

    Returns:
        The tensors by name, on the CPU: dense, of finite numbers.

    Raises:
        CheckFailed: no such file, too large, not only tensors, or numbers that are not finite.
    """
    import torch

    path = Path(path)
    if not path.is_file():
        fix = f"run the cell that trains your network, then hand in {path.name} together with the notebook"
        raise CheckFailed(f"there is no {path.name}", expected="the trained weights, beside the notebook", fix=fix)
    if path.stat().st_size > MOST_BYTES:
        raise _unreadable(path, f"{path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are read")
    if (unpacked := _unpacked_bytes(path)) > MOST_BYTES:
        raise _unreadable(path, f"{unpacked:,} bytes once it is unpacked; at most {MOST_BYTES:,} are read")
    try:
        with warnings.catch_warnings(action="ignore"):  # what torch thinks of the file's age is of no use to a student
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, RuntimeError, pickle.UnpicklingError):
        raise _unreadable(path, "something else") from None
    if not isinstance(state, dict) or not state or not all(isinstance(name, str) for name in state):
        raise _unreadable(path, type(state).__name__)
    strange = sorted(name for name, value in state.items() if not _ordinary(value))
    if strange:
        raise _unreadable(path, f"no ordinary tensor at {strange[0]!r}")
    if sum(value.numel() for value in state.values()) > MOST_NUMBERS:
        raise _unreadable(path, f"more than {MOST_NUMBERS:,} numbers")
    infinite = sorted(name for name, value in state.items() if not bool(torch.isfinite(value).all()))
    if infinite:
        fix = "training diverged: try a smaller learning rate, then train again"
        raise CheckFailed(f"{path.name} has entries that are not finite", got=infinite[0], fix=fix)
    return {name: value.detach().clone() for name, value in state.items()}


def _unpacked_bytes(path: Path) -> int:
    """What an archive, which `torch.save` writes, says that it holds: two megabytes can be two thousand. 0 for another file."""
    try:
        with zipfile.ZipFile(path) as packed:
            return sum(member.file_size for member in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return 0


def count_parameters(state: Mapping[str, Tensor]) -> int:
    """Number of parameters: every entry of the state_dict except what is called as the running statistics of batchnorm are.

    That is what a table of parameters says, and a network can keep more under those names: a limit needs `count_numbers`.
    """
    return count_numbers({entry: value for entry, value in state.items() if entry.rpartition(".")[2] not in _AVERAGES})


def count_numbers(state: Mapping[str, Tensor]) -> int:
    """Number of numbers in a state_dict, whatever they are called.

    A layer that is used twice appears in a state_dict under two names, with equal numbers, and counts once. Constant tensors
    always count, because two new batchnorm layers are equal too.
    """
    counted: list[Tensor] = []
    for value in state.values():
        if not any(_same(value, other) for other in counted):
            counted.append(value)
    return sum(int(np.prod(value.shape)) for value in counted)


def sized(net: Any, *size: int) -> Any:
    """Initialise PyTorch's lazy layers by one call in evaluation mode; a network without lazy layers is not called.

    Args:
        net: a network, or what stands for a student's: has `state_dict` and `eval`.
        size: the shape of the input that it is called with.

    Returns:
        The same network.
    """
    import torch

    try:
        for value in net.state_dict().values():
            tuple(value.shape)
    except (RuntimeError, ValueError, AttributeError):  # in this process, and in the ways it can come from a student's
        net.eval()
        net(torch.zeros(*size))
    return net


def stirred(net: Any) -> dict[str, Tensor]:
    """Add a little noise to every parameter and buffer, so that none is zero or equal to another by accident.

    Args:
        net: a network, or what stands for a student's: has `state_dict` and `load_state_dict`. Its entries change.

    Returns:
        Its state_dict afterwards, each tensor once: what has two names still holds the same numbers under both, and stays under
        the first. A batchnorm's counter stays if its averages do.
    """
    import torch

    start = {name: value.detach().clone() for name, value in net.state_dict().items()}
    # positive noise, because a running variance must stay positive
    net.load_state_dict({name: value + 0.01 * torch.rand_like(value) if _real(value) else value for name, value in start.items()})
    found: dict[str, Tensor] = {}
    doubled: set[str] = set()
    for name, value in net.state_dict().items():
        if _real(value) and any(value.shape == other.shape and torch.equal(value, other) for other in found.values()):
            doubled.add(name.rpartition(".")[0])
        else:
            found[name] = value.detach().clone()
    kept = {name.rpartition(".")[0] for name, value in found.items() if _real(value)}
    return {name: value for name, value in found.items() if _real(value) or name.rpartition(".")[0] not in doubled - kept}


def part(state: Mapping[str, Tensor], name: str) -> dict[str, Tensor]:
    """The entries of one of several networks that were saved together: those that begin with "name.", without it."""
    return {entry.removeprefix(f"{name}."): value for entry, value in state.items() if entry.startswith(f"{name}.")}


def accuracy(net: Any, images: Tensor, labels: NDArray[np.integer[Any]], classes: int) -> float:
    """The share of images that a network classifies rightly, in batches of 250: larger ones take a fifth longer.

    Args:
        net: a network in evaluation mode, or what stands for a student's; its scores are (N, classes).
        images: (N, ...) its input.
        labels: (N,) the right classes. They stay here: the network sees the images only.
        classes: how many scores an image has.

    Raises:
        CheckFailed: the scores have another shape.
    """
    import torch

    scores = np.concatenate([shape("the scores", net(batch), (len(batch), classes)) for batch in torch.split(images, 250)])
    return float(np.mean(scores.argmax(axis=1) == labels))


def reproduced(name: str, recorded: float, measured: float, tolerance: float) -> None:
    """Check that the weights reproduce the recorded results.

    Args:
        name: what was measured, for the message.
        recorded: the accuracy that the record claims.
        measured: the accuracy that the weights have now.
        tolerance: how far apart the two may be.

    Raises:
        NeedsPerson: they are further apart.
    """
    if abs(recorded - measured) > tolerance:
        what = f"the weights do not reproduce the record on {name}: a person will look at both"
        raise NeedsPerson(
            explain(what, expected=f"{recorded:.4f} ± {tolerance:.4f}, as recorded", got=f"{measured:.4f}", fix=_AGAIN)
        )


def share(accuracy: float, low: float, high: float) -> float:
    """How much of the points an accuracy earns: 0 up to `low`, 1 from `high` on, a straight line between. A plain float."""
    return min(1.0, max(0.0, (float(accuracy) - low) / (high - low)))


def _same(a: Tensor, b: Tensor) -> bool:
    """Equal in shape and numbers, and not one constant."""
    import torch

    if a.shape != b.shape or a.dtype != b.dtype or not torch.equal(a, b):
        return False
    return bool((a != a.reshape(-1)[:1]).any())


def _real(value: Tensor) -> bool:
    """True for a floating-point tensor that is not empty."""
    return value.is_floating_point() and value.numel() > 0


def _ordinary(value: Any) -> bool:
    """True for a dense tensor on the CPU, of a floating-point type or int64."""
    import torch

    dense = type(value) in (torch.Tensor, torch.nn.Parameter) and value.layout == torch.strided and value.device.type == "cpu"
    return dense and value.dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64)


def _unreadable(path: Path, got: str) -> CheckFailed:
    fix = "save it as the notebook does: training.save_weights(model, path)"
    return CheckFailed(f"{path.name} is not a file of weights", expected="a state_dict: tensors by name", got=got, fix=fix)
