"""Makes a process warm: imports what notebooks need, and does once what is slow the first time. Knows nothing of submissions.

What is done here must leave no trace in what a notebook prints: random states are put back, figures closed, errors forgotten.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from grading.inside import shell as shells
from grading.inside.huge_pages import join_pages

_TORCH_SEED = 67280421310721  # what every process begins with in some versions of torch; in others it is drawn
_ENDINGS = ("last_type", "last_value", "last_traceback", "last_exc")


def warm_up(modules: list[str], channel: shells.Channel, shell: Any) -> list[str]:
    """Import modules and use them a little; returns what could not be imported, for the record.

    Args:
        modules: names, as an author's notebook imports them.
        channel: the shell's; what it says here is thrown away.
        shell: the shell that will run cells after the fork.
    """
    with _leaving_no_trace(channel):
        missing = [problem for name in modules if (problem := _import(name))]
        before = _torch_state()
        _use_torch()
        _use_pyplot()
        _show_an_error(shell)
        _put_back(before)
    return missing


def take_in(modules: list[str], folder: str, channel: shells.Channel) -> list[str]:
    """Import modules of a library in `folder`; returns as `warm_up`. Leaves their compiled forms beside them."""
    with _leaving_no_trace(channel):
        sys.path.insert(1, folder)
        sys.dont_write_bytecode = False  # a copy of a process that imports them again need not compile them again
        before = _torch_state()
        missing = [problem for name in modules if (problem := _import(name))]
        _put_back(before)
    return missing


@contextlib.contextmanager
def _leaving_no_trace(channel: shells.Channel) -> Iterator[None]:
    """What is said goes nowhere; the environment, the places of modules and a flag are put back."""
    variables, path, flag = dict(os.environ), list(sys.path), sys.dont_write_bytecode
    nowhere = os.open(os.devnull, os.O_WRONLY)
    channel.open(nowhere, shells.MB)
    try:
        yield
    finally:
        channel.open(-1, 0)
        os.close(nowhere)
        sys.path[:], sys.dont_write_bytecode = path, flag
        os.environ.clear()
        os.environ.update(variables)


def keep() -> None:
    """Keep the garbage collector away from everything made so far, or it would copy every page that children share."""
    gc.collect()
    gc.freeze()


def freeze() -> None:
    """The same in the process that all others come from: the tables of pages that forks copy are short, too.

    Not in a fork server: it would have all that memory once more for itself, to spare each of its forks 5 of 25 ms.
    """
    keep()
    join_pages()


def refresh() -> None:
    """In the child: what a process of its own would have drawn for itself, or set."""
    signal.set_wakeup_fd(-1)
    random.seed()
    tempfile.tempdir = None
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    torch: Any = sys.modules.get("torch")
    if torch is not None and torch.initial_seed() != _TORCH_SEED:
        torch.default_generator.seed()


def unfit() -> str:
    """Why this process must not be forked, or an empty text."""
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    if threads != 1:
        return f"the fork server has {threads} threads; a fork of it would hang"
    return "the fork server touched a GPU; a fork of it could not" if _used_gpu() else ""


def _used_gpu() -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and bool(torch.cuda.is_initialized())


def _import(name: str) -> str:
    try:
        importlib.import_module(name)
    except Exception as error:  # it will be the notebook's own error, if the notebook gets that far
        return f"{name}: {type(error).__name__}: {error}"
    return ""


def _torch_state() -> Any:
    """The random numbers as the import leaves them."""
    torch = sys.modules.get("torch")
    return None if torch is None else torch.get_rng_state()


def _put_back(state: Any) -> None:
    if state is not None:
        sys.modules["torch"].set_rng_state(state)


def _use_torch() -> None:
    """What the first layer, the first backward pass and the first optimizer import and set up."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    torch.zeros(2, requires_grad=True).backward(torch.ones(2))  # where the gradient is given, SymPy is imported
    layer = torch.nn.Linear(2, 2)
    for kind in (torch.optim.SGD, torch.optim.Adam):
        optimizer = kind(layer.parameters(), lr=0.1)
        torch.nn.functional.mse_loss(layer(torch.ones(3, 2)), torch.zeros(3, 2)).backward()
        optimizer.step()
        optimizer.zero_grad()


def _use_pyplot() -> None:
    """The first figure finds fonts and loads the drawing code."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    pyplot.plot([0, 1], label="x")
    pyplot.title("$x$")
    pyplot.legend()
    pyplot.show()
    pyplot.close("all")


def _show_an_error(shell: Any) -> None:
    """The first traceback loads the code that colours and frames it."""
    try:
        raise ValueError("warm")
    except ValueError:
        shell.showtraceback()
    shell.last_error = None
    for name in _ENDINGS:
        if hasattr(sys, name):
            delattr(sys, name)


if __name__ == "__main__":  # once after an installation: a sandbox is read-only, and would compile these modules each time
    warm_up(sys.argv[1:], *shells.pair())
