"""Random numbers for the inputs that a test draws: one stream for each name.

In a student's notebook a stream is fixed, so that a failure can be seen again.
"""

from __future__ import annotations

import hashlib

import numpy as np


def rng(name: str) -> np.random.Generator:
    """Return the stream of a name, from its beginning.

    Args:
        name: says whose inputs these are, for example "bn_drop/b_backward_test/2"; another name gives other numbers.
    """
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.default_rng(list(digest))
