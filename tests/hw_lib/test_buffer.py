"""NumPy's buffer is small while a fast layer runs, and what it was afterwards."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from hw_lib.layers.fast.buffer import small_buffer


@pytest.mark.parametrize(("row", "size"), [(4, None), (128, 256), (196, 256), (784, 784), (1000, 992), (50_176, 1024)])
def test_it_is_as_small_as_the_rows(row: int, size: int | None) -> None:
    """Rows of some length lie in no buffer; short ones keep the buffer as it is, and so do other threads."""
    before = np.getbufsize()
    elsewhere: list[int] = []
    with small_buffer(row):
        assert np.getbufsize() == (size or before)
        other = threading.Thread(target=lambda: elsewhere.append(np.getbufsize()))
        other.start()
        other.join()
    assert elsewhere == [before]
    assert np.getbufsize() == before


def test_an_error_leaves_the_buffer_as_it_was() -> None:
    """Whatever goes wrong inside, the next operation has the usual buffer."""
    before = np.getbufsize()
    with pytest.raises(ValueError, match="inside"), small_buffer():
        raise ValueError("inside")
    assert np.getbufsize() == before


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_bit_changes(dtype: str) -> None:
    """An operation entry by entry gives the same numbers, however it is cut into pieces."""
    rng = np.random.default_rng(0)
    x, scale = rng.standard_normal((7, 1000)).astype(dtype), rng.standard_normal((7, 1)).astype(dtype)
    usual = x * scale + scale
    with small_buffer():
        assert np.array_equal(x * scale + scale, usual)
