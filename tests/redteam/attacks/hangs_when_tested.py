"""Sleeps only when a hidden test calls, deaf to interrupts. It costs that part, a bounded time, and no other part."""

_HANG = """\
import time


def hang():
    until = time.time() + 600
    while time.time() < until:
        try:
            while time.time() < until:
                time.sleep(1)
        except BaseException:
            pass
"""
OWN_CELLS = {"setup": _HANG}
CELLS = {
    "a_double": "import numpy as np\n\n\ndef double(x):\n    if np.ndim(x) == 0 and x == 1.0:\n        return 2.0\n    hang()",
    "b_answer": "answer = 42",
    "c_remainder": "def remainder(n):\n    if n > 2:\n        hang()\n    return n % 3",
}
EARNS = {"b_answer_test": 2.0}


def check(seen: object) -> None:
    """The part between the two that hang has its points."""
    assert seen.points()["b_answer_test"] == 2.0  # type: ignore[attr-defined]
