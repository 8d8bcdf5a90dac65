"""torchvision's models, also where PyTorch and torchvision come from different indexes. Knows nothing of memory.

PyTorch's CPU build beside PyPI's torchvision is what many laptops have. torchvision's compiled operators do not load there, and its
import stops at the first of them (pytorch/vision#9077). A ResNet needs none of them, so declaring their names is enough.
"""

from __future__ import annotations

import sys
from typing import Any

import torch

_MISSING = "operator torchvision::nms does not exist"
_SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_declared: list[Any] = []  # the declarations hold for as long as this object lives


def models() -> Any:
    """The module `torchvision.models`.

    Raises:
        ImportError: torchvision is not installed.
        RuntimeError: it does not load for another reason than its missing operators.
    """
    try:
        from torchvision import models as found
    except RuntimeError as error:
        if _MISSING not in str(error):
            raise
        _declare()
        from torchvision import models as found
    return found


def _declare() -> None:
    """Declare the operators, and forget the import that failed half-way."""
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        library.define(name + _SIGNATURE)  # type: ignore[no-untyped-call]
    _declared.append(library)
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
