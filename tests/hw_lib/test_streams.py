"""Streams of random numbers by name: fixed without the course's secret, unforeseeable with it."""

from __future__ import annotations

import numpy as np
import pytest

from hw_lib import checks, streams


@pytest.fixture(autouse=True)
def no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a student's notebook."""
    monkeypatch.delenv(streams.SECRET, raising=False)


def first(name: str) -> float:
    """The first number of a stream."""
    return float(checks.rng(name).random())


def test_a_stream_begins_anew_every_time() -> None:
    """Another name is another stream; whoever asks for one twice gets the same numbers twice."""
    assert first("hw/a_test/x") == first("hw/a_test/x") != first("hw/a_test/y")
    assert checks.seed("hw/a_test/x") == checks.seed("hw/a_test/x") != checks.seed("hw/a_test/y")


def test_streams_follow_from_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two secrets and none draw three different things, numbers and seeds, and each the same again."""
    drawn = []
    for secret in (None, "a" * 64, "b" * 64, "a" * 64):
        if secret is not None:
            monkeypatch.setenv(streams.SECRET, secret)
        drawn.append((first("hw/a_test"), checks.seed("hw/a_test")))
    assert drawn[1] == drawn[3]
    assert len(set(drawn)) == 3


def test_all_bits_of_a_name_count() -> None:
    """Ten thousand names have ten thousand seeds; half of their bits are one."""
    seeds = [checks.seed(f"hw/{k}") for k in range(10_000)]
    assert len(set(seeds)) == 10_000
    assert 0.49 < np.mean([seed.bit_count() / 63 for seed in seeds]) < 0.51


def test_seeds_are_as_long_as_asked() -> None:
    """PyTorch takes 63 bits, a set of pictures 128; more than 256 there are not."""
    assert max(checks.seed(f"hw/{k}") for k in range(100)) < 2**63
    assert 2**120 < max(checks.seed(f"hw/{k}", bits=128) for k in range(100)) < 2**128
    for bits in (0, 257):
        with pytest.raises(ValueError, match=f"bits must be from 1 to 256, got {bits}"):
            checks.seed("hw", bits)
