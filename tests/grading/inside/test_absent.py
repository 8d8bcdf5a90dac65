"""An error that comes from a missing network, keyboard or GPU says so, and no other error does."""

from __future__ import annotations

import socket
import urllib.error

import numpy as np
import pytest

from grading.inside import absent
from grading.inside.shell import message


class BdbQuit(Exception):  # noqa: N818  the debugger's own name
    """What a debugger without a keyboard ends with."""


def wrapped(inner: Exception) -> Exception:
    """An error of a library that another one was the reason of."""
    try:
        raise ValueError("could not load the data set") from inner
    except ValueError as error:
        return error


MISSING = {
    "input": (EOFError("EOF when reading a line"), absent.KEYBOARD),
    "getpass": (EOFError(), absent.KEYBOARD),
    "a debugger": (BdbQuit(), absent.KEYBOARD),
    "a CPU build of torch": (AssertionError("Torch not compiled with CUDA enabled"), absent.GPU),
    "a CUDA build of torch": (RuntimeError("Found no NVIDIA driver on your system. Please check"), absent.GPU),
    "no card": (RuntimeError("No CUDA GPUs are available"), absent.GPU),
    "weights from a card": (
        RuntimeError("Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False."),
        absent.GPU,
    ),
    "a name": (socket.gaierror(-3, "Temporary failure in name resolution"), absent.NETWORK),
    "an address": (OSError(101, "Network is unreachable"), absent.NETWORK),
    "a page": (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), absent.NETWORK),
    "a wrapped one": (wrapped(OSError(101, "Network is unreachable")), absent.NETWORK),
    "a name that NumPy took away": (
        AttributeError("module 'numpy' has no attribute 'product'"),
        f"numpy {np.__version__} grades, and has no such name; the first cell says which versions grade",
    ),
    "an attribute of something else": (AttributeError("module 'os' has no attribute 'numpy'"), ""),
    "an empty file": (EOFError("Ran out of input"), ""),
    "a file that is not there": (FileNotFoundError(2, "No such file or directory"), ""),
    "a plain assertion": (AssertionError("dx is wrong"), ""),
    "a layer": (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), ""),
    "nothing": (None, ""),
}


@pytest.mark.parametrize("case", MISSING)
def test_what_was_missing(case: str) -> None:
    """The hint stands before what the exception says, and stands alone where it says nothing."""
    error, hint = MISSING[case]
    assert absent.hint(error) == hint
    said = "" if error is None else str(error)
    if error is not None:
        assert message(error) == (f"{hint} ({said})" if hint and said else hint or said)


def test_an_error_that_lies_about_itself() -> None:
    """A class whose text raises is looked at all the same."""

    class LyingError(RuntimeError):
        def __str__(self) -> str:
            raise KeyError

    assert absent.hint(LyingError()) == "" and "cannot be shown" in message(LyingError())


@pytest.mark.parametrize(
    ("command", "looks"),
    [
        ("pip install -q pandas", True),
        ("cd data && wget https://x.edu/a.zip", True),
        ("/opt/course/bin/python -m pip install x", True),
        ("/usr/bin/git clone https://x.edu/a", True),
        ("echo pipes", False),
        ("ls digit.png curly", False),
    ],
)
def test_commands_that_look_for_a_network(command: str, looks: bool) -> None:
    """By the name of the program, wherever in the line it stands."""
    assert absent.reaches_out(command) is looks
