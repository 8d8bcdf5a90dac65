"""Calls a student's PyTorch module and turns what comes back into plain arrays. torch is imported when used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.errors import CheckFailed

Floats = NDArray[Any]


class Probe:
    """One module made with drop probability p, and fresh inputs for it from a seed."""

    def __init__(self, make: Callable[..., Any], p: float, seed: int) -> None:
        """Make the module; a constructor that fails is a failed check."""
        self.make, self.p, self.rng = make, p, np.random.default_rng(seed)
        self.name = f"Dropout({p:g})"
        self.module = self.attempt(f"{self.name} cannot be made", lambda: make(p))
        self._switched: tuple[Any, bool] | None = None

    def attempt(
        self, what: str, action: Callable[[], Any], fix: str = "read the error's last line; it comes from your code"
    ) -> Any:
        """Run the student's code; whatever it raises becomes a failed check that says so."""
        try:
            return action()
        except CheckFailed:
            raise
        except Exception as error:
            raise CheckFailed(what, got=f"{type(error).__name__}: {error}", fix=fix) from error

    def fail(self, what: str, *, expected: object = "", got: object = "", fix: object = "") -> CheckFailed:
        """A CheckFailed whose message begins with the name of this module."""
        return CheckFailed(f"{self.name} {what}", expected=expected, got=got, fix=fix)

    def input(self, size: tuple[int, ...]) -> Floats:
        """Random numbers of both signs and magnitudes from 1 to 2, so none is near zero and no two are equal."""
        return np.asarray(self.rng.uniform(1, 2, size) * self.rng.choice([-1.0, 1.0], size))

    def mode(self, training: bool, module: Any = None) -> Any:
        """Switch a module (default: this one) to training or evaluation, and return it."""
        module = self.module if module is None else module
        if self._switched is None or self._switched[0] is not module or self._switched[1] is not training:
            (module.train if training else module.eval)()
            self._switched = module, training  # once is enough, and in a grader every call crosses to another process
        return module

    def output(self, x: Floats, *, training: bool, dtype: str = "float64", module: Any = None) -> Floats:
        """Run the module on a fresh tensor; check what kind of thing comes back and that the input is untouched."""
        import torch

        given = torch.tensor(x, dtype=getattr(torch, dtype))
        before = given.clone()
        when = "in training mode" if training else "in evaluation mode"
        out = self.attempt(f"{self.name} fails on a {dtype} {x.shape} tensor {when}", lambda: self.mode(training, module)(given))
        if not isinstance(out, torch.Tensor):
            raise self.fail(f"does not return a tensor {when}", expected="one tensor", got=type(out).__name__)
        if tuple(out.shape) != x.shape or out.dtype != given.dtype:
            raise self.fail(
                f"changes the shape or the type {when}",
                expected=f"{dtype} {x.shape}",
                got=f"{str(out.dtype).removeprefix('torch.')} {tuple(out.shape)}",
                fix="make the mask with the shape and the dtype of x",
            )
        # a grader's proxy passes a copy of the input, and says so when the module wrote into it
        if not torch.equal(given, before) or getattr(module or self.module, "remote_changed_inputs", False):
            raise self.fail(
                f"modifies its input {when}",
                expected="the input as it was",
                got="other numbers in it",
                fix="work on a new tensor, `x * mask`, not in place on x: other parts of the network still need it",
            )
        array = np.array(out.detach().cpu().numpy(), dtype=np.float64, subok=False)
        if not np.isfinite(array).all():
            raise self.fail(f"returns numbers that are not finite {when}", expected="finite numbers", got="nan or inf")
        return array


def vjp(module: Any, x: Floats, dout: Floats) -> tuple[Floats, Floats]:
    """(out, dx) of one call. A grader's proxy of a module brings its own `remote_vjp`, because gradients do not cross processes."""
    remote = getattr(module, "remote_vjp", None)
    if remote is not None:
        out, dx = remote(x, dout)
        return np.asarray(out, np.float64), np.asarray(dx, np.float64)
    import torch

    given = torch.tensor(x, requires_grad=True)
    result = module(given)
    result.backward(torch.tensor(dout))
    if given.grad is None:
        raise RuntimeError("backward() left no gradient in the input")
    return np.array(result.detach().numpy(), np.float64), np.array(given.grad.numpy(), np.float64)
