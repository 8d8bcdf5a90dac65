"""Runs training code and records when each tensor's memory is allocated and freed, and what kind of memory it is.

On `device='meta'` tensors have shapes but no numbers, so this costs neither a GPU nor memory; `blanks` makes it quick there. Knows
nothing of allocators or GPUs.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from hw_lib.labs.memory import blanks

KINDS = ("parameters", "buffers", "gradients", "optimizer state", "input", "activations", "temporaries")


@dataclass
class Storage:
    """One piece of memory. `size` in bytes; `host` is memory of the CPU though the model is elsewhere (Adam's step counters)."""

    size: int
    kind: str
    operation: str
    host: bool = False


@dataclass
class Trace:
    """The allocations of a run.

    Attributes:
        storages: every piece of memory, in the order of allocation.
        events: (k, True) when storages[k] is allocated, (k, False) when it is freed.
        loaded: how many events came before the first step: the model and one batch.
        ends: how many events had come at the end of each step.
    """

    storages: list[Storage] = field(default_factory=list)
    events: list[tuple[int, bool]] = field(default_factory=list)
    loaded: int = 0
    ends: list[int] = field(default_factory=list)


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's stubs lack its class hook
    """While this mode is on, every operation's new storages are recorded in `trace`."""

    def __init__(self, device: torch.device) -> None:
        """`device` is where the model is; everything elsewhere counts as the host's."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.trace = Trace()
        self._device = device
        self._alive: dict[int, weakref.ref[Any]] = {}  # by the storage's number
        self._numbers: dict[int, int] = {}  # of live storages, by the address of their C++ object
        self._forward: set[int] = set()  # unnamed storages of the forward pass that are still alive

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the operation and look at what came out."""
        backward = torch._C._current_graph_task_id() != -1
        if backward and self._forward:  # what outlived the forward pass was kept for this one
            for number in self._forward:
                self.trace.storages[number].kind = "activations"
            self._forward.clear()
        out = blanks.call(func, args, kwargs or {})
        for tensor in tree_leaves(out):
            if isinstance(tensor, Tensor):
                # a checkpointed block runs forward again inside of the backward pass, with gradients switched on
                kind = "activations" if backward and torch.is_grad_enabled() else "temporaries"
                self.add(tensor, kind, str(func), forward=not backward and torch.is_grad_enabled())
        return out

    def add(self, tensor: Tensor, kind: str, operation: str, *, forward: bool = False) -> None:
        """Record the allocation of a tensor's storage, unless it is known already."""
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._numbers or storage.nbytes() == 0:
            return
        number = len(self.trace.storages)
        self.trace.storages.append(Storage(storage.nbytes(), kind, operation, tensor.device != self._device))
        self.trace.events.append((number, True))
        self._numbers[key] = number
        self._alive[number] = weakref.ref(storage, self._funeral(key, number))
        if forward:
            self._forward.add(number)

    def _funeral(self, key: int, number: int) -> Callable[[Any], None]:
        def died(_: Any) -> None:
            self.trace.events.append((number, False))
            del self._alive[number], self._numbers[key]
            self._forward.discard(number)

        return died

    def name(self, tensors: Iterable[Tensor | None], kind: str) -> None:
        """Say what kind of memory known tensors are; unknown ones are recorded as newly allocated."""
        for tensor in tensors:
            if tensor is not None:
                self.add(tensor, kind, "")
                number = self._numbers.get(tensor.untyped_storage()._cdata)
                if number is not None:
                    self.trace.storages[number].kind = kind
                    self._forward.discard(number)


def in_loading_order(module: nn.Module) -> Iterable[tuple[Tensor, str]]:
    """Parameters and buffers in the order in which `model.to(device)` moves them: children first."""
    for child in module.children():
        yield from in_loading_order(child)
    yield from ((p, "parameters") for p in module.parameters(recurse=False))
    yield from ((b, "buffers") for b in module.buffers(recurse=False))


Step = Callable[[nn.Module, Tensor, Tensor, torch.optim.Optimizer], None]


def record(
    model: nn.Module, x: Tensor, y: Tensor, make_optimizer: Callable[[Any], torch.optim.Optimizer], step: Step, steps: int
) -> Trace:
    """Train for some steps and record the memory of everything.

    Args:
        model: on the device that counts, 'meta' as a rule.
        x: (N, …) one batch, on the same device.
        y: (N,) its labels, on the same device.
        make_optimizer: parameters -> optimizer.
        step: what one training step is: step(model, x, y, optimizer).
        steps: how many.

    Returns:
        The trace. Gradients are named when the optimizer begins its step, its state when the step is over.
    """
    recorder = Recorder(x.device)
    for tensor, kind in in_loading_order(model):
        recorder.name([tensor], kind)
    recorder.name([x, y], "input")
    recorder.trace.loaded = len(recorder.trace.events)
    optimizer = make_optimizer(model.parameters())
    hooks = [
        optimizer.register_step_pre_hook(lambda *_: recorder.name((p.grad for p in model.parameters()), "gradients")),
        optimizer.register_step_post_hook(lambda *_: recorder.name(_state(optimizer), "optimizer state")),
    ]
    with recorder:
        for _ in range(steps):
            step(model, x, y, optimizer)
            recorder.name((p.grad for p in model.parameters()), "gradients")
            recorder.trace.ends.append(len(recorder.trace.events))
    for hook in hooks:
        hook.remove()
    trace = recorder.trace
    recorder.trace = Trace()  # what dies from now on is no part of the run
    return trace


def _state(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    return [value for entry in optimizer.state.values() for value in entry.values() if isinstance(value, Tensor)]
