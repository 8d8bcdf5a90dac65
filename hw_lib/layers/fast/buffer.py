"""NumPy's own buffer, made small while a layer runs: (64, 1024) * (64, 1) then takes a third of the time.

Where an operation cannot run over its arrays as over one long row (an operand is broadcast, or a slice), NumPy copies rows that
are shorter than its buffer into it, operands and result alike (seen with 2.4). Buffers of 8,192 entries for each do not fit into
the nearest cache. With small ones long rows are not copied, and short ones fit. No bit of a result changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def small_buffer(row: int = 1024) -> Iterator[None]:
    """Until the end of the block, and in this thread alone, rows of so many entries, if 256 or more, are not copied.

    Short rows, below 128 entries, are better off with the buffer as it is: each costs more than its copy.
    """
    if row < 128:
        yield
        return
    before = np.setbufsize(min(max(row, 256), 1024) // 16 * 16)
    try:
        yield
    finally:
        np.setbufsize(before)
