"""Which GPU this is, what the driver says it has in use, and what a CUDA context costs. Without a GPU everything is empty.

NVIDIA's library (`pip install nvidia-ml-py`) is asked only where it is installed, and nothing here fails without it.
"""

from __future__ import annotations

import contextlib
import importlib
import re
from collections.abc import Callable
from typing import Any, TypedDict

import torch

CARDS: dict[str, int] = {  # bytes that the driver reports as the card's memory, rounded
    "T4": 15_835_660_288,
    "24 GB card": 25_300_000_000,
    "H100": 85_000_000_000,
}


def find_card(name: str) -> str:
    """The card of `CARDS` that a name means: 'T4', 'Tesla T4' and 't4 (15,836 MB)' are one; empty if it means none of them."""
    said = set(re.findall(r"\d+|[a-z]+\d*", name.casefold()))
    found = [card for card in CARDS if set(card.casefold().split()) - {"card"} <= said]
    return found[0] if len(found) == 1 else ""


class Machine(TypedDict):
    """A GPU; `gpu` is empty and the sizes 0 or None where there is none. Sizes in bytes."""

    gpu: str
    driver: str
    torch: str
    total_bytes: int
    context_bytes: int | None


NO_GPU: Machine = {"gpu": "", "driver": "", "torch": torch.__version__, "total_bytes": 0, "context_bytes": None}


class Driver:
    """What the driver says is in use, for each card by its UUID; `None` where NVIDIA's library does not answer."""

    def __init__(self, load: Callable[[], Any] = lambda: importlib.import_module("pynvml")) -> None:
        """`load` gives NVIDIA's library (its module is called pynvml); any failure of it means that there is none."""
        self._library: Any = None
        with contextlib.suppress(Exception):  # not installed, no driver, no permission: all the same to us
            library = load()
            library.nvmlInit()
            self._library = library

    def version(self) -> str:
        """The driver's version, or nothing."""
        return _text(self._library.nvmlSystemGetDriverVersion()) if self._library else ""

    def used(self) -> dict[str, int]:
        """Bytes in use on every card, by all programs together."""
        found = {}
        if self._library:
            for index in range(self._library.nvmlDeviceGetCount()):
                handle = self._library.nvmlDeviceGetHandleByIndex(index)
                name = _text(self._library.nvmlDeviceGetUUID(handle)).removeprefix("GPU-")
                found[name] = int(self._library.nvmlDeviceGetMemoryInfo(handle).used)
        return found


def this_machine(before: dict[str, int], driver: Driver) -> Machine:
    """Make a CUDA context in this process, and say what card it is on and what the context took.

    Args:
        before: what `driver.used()` said before CUDA was touched in this process.
        driver: asked again afterwards.

    Returns:
        The machine. The context is the growth of what the driver has in use, less what PyTorch reserved; None if the driver
        cannot be asked. Another program that starts at that moment would be counted too.
    """
    torch.zeros(1, device="cuda")
    torch.cuda.synchronize()
    properties: Any = torch.cuda.get_device_properties(0)
    name = str(getattr(properties, "uuid", "")).removeprefix("GPU-")
    after = driver.used()
    card = name if name in after else next(iter(after), "") if len(after) == 1 else ""
    context = after[card] - before[card] - torch.cuda.memory_reserved() if card and card in before else None
    total = int(properties.total_memory)
    return {
        "gpu": str(properties.name),
        "driver": driver.version(),
        "torch": torch.__version__,
        "total_bytes": total,
        "context_bytes": context,
    }


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
