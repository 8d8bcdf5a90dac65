"""Answers visible inputs rightly and raises hidden ones: as a message, a class, a time-out, an explanation, a spelled text.

Earns nothing: what a student says of hidden inputs is marked on its way, and only staff read it.
"""

from typing import Any

OWN_CELLS = {
    "setup": """\
class CellTimeout(KeyboardInterrupt):
    pass


letters = "ABCDEFGHIJ"
# an error on visible inputs that says the whole alphabet, so that a hidden one can be spelled from it
alphabet = "\\n".join(f"SPELLED{letter}" for letter in letters)


def spelled(x):
    return "\\n".join(f"SPELLED{letters[int(digit)]}" for digit in str(abs(float(x))) if digit.isdigit())
""",
    "c_remainder_test": "raise ValueError(alphabet)",
}
CELLS = {
    "a_double": """\
def double(x):
    if np.ndim(x) == 0 and x == 1.0:
        return 2.0
    print("PRINTED", repr(x))
    raise type("NAMED" + str(abs(int(1e6 * np.ravel(x)[0]))), (ValueError,), {})("MESSAGE " + repr(x))""",
    "c_remainder": """\
def remainder(n):
    if n in (1, 2):
        return n
    raise CellTimeout(f"TIMED {n}")""",
    "d_batchnorm": """\
from hw_lib.errors import CheckFailed


def batchnorm_forward(x, gamma, beta, bn_param):
    raise CheckFailed(f"EXPLAINED {x[0, 0]}", expected=f"WANTED {x[0]}", got=spelled(x[0, 0]), fix=f"MEND {x[1]}")


def batchnorm_backward(dout, cache):
    return 0 * dout, 0 * dout[0], 0 * dout[0]""",
}
_SAID = ("PRINTED", "NAMED", "MESSAGE", "TIMED", "EXPLAINED", "WANTED", "SPELLED", "MEND")


def check(seen: Any) -> None:
    """The student reads that something was raised, and nothing of what; staff read all of it."""
    assert [word for word in _SAID if word in seen.page] == []
    assert "…" in seen.page
    for cell, word in (("a_double_test", "MESSAGE"), ("a_double_test", "NAMED"), ("d_batchnorm_test", "EXPLAINED")):
        assert word in next(mark.reason for mark in seen.card.marks if mark.grade_id == cell), cell
    table = (seen.course.build / "red" / "export" / "cells.csv").read_text()
    assert all(word in table for word in ("MESSAGE", "EXPLAINED", "WANTED", "MEND"))
    assert "⟪" not in table
