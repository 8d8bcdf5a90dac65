"""The model of the caching allocator follows PyTorch's published rules, and never loses a byte."""

from __future__ import annotations

import random

import pytest

from hw_lib.labs.memory.allocator import MIB, CachingAllocator, DoesNotFit, rounded, segment_size


@pytest.mark.parametrize(("asked", "given"), [(1, 512), (512, 512), (513, 1024), (MIB, MIB), (MIB + 1, MIB + 512)])
def test_rounding(asked: int, given: int) -> None:
    """Requests are rounded to multiples of 512 bytes."""
    assert rounded(asked) == given


@pytest.mark.parametrize(
    ("asked", "segment"),
    [(512, 2 * MIB), (MIB, 2 * MIB), (MIB + 512, 20 * MIB), (10 * MIB - 512, 20 * MIB), (10 * MIB, 10 * MIB), (11 * MIB, 12 * MIB)],
)
def test_segments(asked: int, segment: int) -> None:
    """Small, large and own segments have the sizes of PyTorch's constants."""
    assert segment_size(asked) == segment
    allocator = CachingAllocator()
    allocator.malloc(asked)
    assert allocator.reserved == segment


def test_best_fit_and_split() -> None:
    """A freed block serves the next request that fits, the smallest such block first; a small rest goes along with it."""
    allocator = CachingAllocator()
    large, fence, middle, _ = (allocator.malloc(size * MIB) for size in (6, 2, 4, 2))
    allocator.free(large)
    allocator.free(middle)
    again = allocator.malloc(3 * MIB)
    assert again.address == middle.address
    assert again.size == 4 * MIB  # a rest of one MiB is not split off in the large pool
    assert allocator.malloc(4 * MIB).address == large.address
    assert fence.used
    assert allocator.reserved == 20 * MIB


def test_neighbours_are_joined() -> None:
    """When all blocks of a segment are free, it is one block again, whatever the order."""
    allocator = CachingAllocator()
    blocks = [allocator.malloc(2 * MIB) for _ in range(5)]
    for k in (1, 3, 2, 0, 4):
        allocator.free(blocks[k])
    (segment,) = allocator.segments
    (whole,) = segment.blocks()
    assert (whole.size, whole.used) == (20 * MIB, False)
    assert (allocator.allocated, allocator.peak_allocated, allocator.reserved) == (0, 10 * MIB, 20 * MIB)


def test_a_full_card_gives_back_what_is_cached() -> None:
    """Before it gives up, the allocator returns whole free segments to the driver."""
    allocator = CachingAllocator(capacity=64 * MIB)
    kept, cached = allocator.malloc(30 * MIB), allocator.malloc(30 * MIB)
    allocator.free(cached)
    allocator.malloc(32 * MIB)  # fits only where the cached segment was
    assert (allocator.reserved, kept.used) == (62 * MIB, True)
    with pytest.raises(DoesNotFit):
        allocator.malloc(12 * MIB)


@pytest.mark.parametrize("seed", range(5))
def test_no_byte_is_lost(seed: int) -> None:
    """After thousands of random requests blocks tile their segments, none overlap, and the sums agree."""
    rng = random.Random(seed)
    allocator, live = CachingAllocator(), []
    for _ in range(3000):
        if live and rng.random() < 0.5:
            allocator.free(live.pop(rng.randrange(len(live))))
        else:
            live.append(allocator.malloc(int(2 ** rng.uniform(4, 25))))
    used = 0
    for segment in allocator.segments:
        place = segment.address
        for block in segment.blocks():
            assert block.address == place
            place += block.size
            used += block.size * block.used
            assert block.used == any(block is other for other in live)
            assert block.used or block.after is None or block.after.used  # no two free neighbours
        assert place == segment.address + segment.size
    assert used == allocator.allocated == sum(block.size for block in live)
    assert allocator.reserved == sum(segment.size for segment in allocator.segments)
    for block in live:
        allocator.free(block)
    allocator.empty_cache()
    assert (allocator.allocated, allocator.reserved, allocator.segments) == (0, 0, [])
