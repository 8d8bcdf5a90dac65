"""Random numbers for the inputs that a test draws: one stream for each name.

In a student's notebook the streams are fixed, so that a failure can be seen again. Where work is graded, the process that runs the
tests, and no process of a student's, has the course's secret in its environment: there the streams follow from the secret, so
that nobody can know a hidden input beforehand, and grading once more draws the same.
"""

from __future__ import annotations

import hashlib
import hmac
import os

import numpy as np

SECRET = "HW_LIB_SECRET"  # the variable that holds the course's secret; without one the key of the streams is empty


def rng(name: str) -> np.random.Generator:
    """Return the stream of a name, from its beginning.

    Args:
        name: says whose inputs these are, for example "bn_drop/b_backward_test/2"; another name gives other numbers.
    """
    return np.random.default_rng(_number(name))


def seed(name: str, bits: int = 63) -> int:
    """Return a seed that follows from a name as its stream does, for what wants a number: `torch.manual_seed`, `shapes.draw`.

    Args:
        name: as of `rng`; the two have nothing to do with each other.
        bits: how long the number is, from 1 to 256; torch takes 63.

    Raises:
        ValueError: more bits than there are.
    """
    if not 1 <= bits <= 256:
        raise ValueError(f"streams.seed: bits must be from 1 to 256, got {bits}")
    return _number(f"seed of {name}") % (1 << bits)


def _number(name: str) -> int:
    key = os.environ.get(SECRET, "").encode()
    return int.from_bytes(hmac.digest(key, name.encode(), hashlib.sha256), "big")
