"""A model of PyTorch's CUDA caching allocator: which block each request gets, and what is reserved from the driver.

Plain Python. Knows nothing of torch, models or time. Rules as of PyTorch's c10/cuda/CUDACachingAllocator.cpp with default settings,
one stream: sizes are rounded to 512 bytes; small requests (to 1 MiB) are cut from segments of 2 MiB, larger ones from segments of
20 MiB, from 10 MiB on from a segment of their own, rounded to 2 MiB; the best fitting free block is split; neighbours are joined.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

KIB, MIB = 1024, 1024**2
ROUND, SMALL, SMALL_SEGMENT, LARGE_SEGMENT, OWN_SEGMENT, ROUND_SEGMENT = 512, MIB, 2 * MIB, 20 * MIB, 10 * MIB, 2 * MIB
BASE_ADDRESS = 0x7F0000000000


class DoesNotFit(MemoryError):  # noqa: N818 - it is an answer as often as an error
    """The card is full: the request needs a new segment and the driver has no room for it."""


@dataclass(eq=False)
class Block:
    """A stretch of a segment, in use or free. `requested` is what was asked for, 0 when free."""

    address: int
    size: int
    segment: Segment
    requested: int = 0
    used: bool = False
    before: Block | None = None
    after: Block | None = None
    tag: str = ""


@dataclass(eq=False)
class Segment:
    """One contiguous piece of memory reserved from the driver."""

    address: int
    size: int
    small: bool
    first: Block | None = None

    def blocks(self) -> list[Block]:
        """Its blocks by address."""
        found, block = [], self.first
        while block is not None:
            found.append(block)
            block = block.after
        return found


@dataclass
class CachingAllocator:
    """Allocations of one process on one card.

    Attributes:
        capacity: bytes that the driver can give; None for no limit.
        allocated: bytes of blocks in use, rounding included.
        reserved: bytes of segments.
        peak_allocated, peak_reserved: the largest they have been.
        segments: what is reserved, in the order of reservation.
    """

    capacity: int | None = None
    allocated: int = 0
    reserved: int = 0
    peak_allocated: int = 0
    peak_reserved: int = 0
    segments: list[Segment] = field(default_factory=list)
    _free: dict[bool, list[tuple[int, int, Block]]] = field(default_factory=lambda: {True: [], False: []})
    _next_address: int = BASE_ADDRESS

    def malloc(self, size: int, tag: str = "") -> Block:
        """Give a block of at least `size` bytes (at least 1).

        Raises:
            DoesNotFit: not even after everything that is cached was given back.
        """
        wanted = rounded(size)
        small = wanted <= SMALL
        pool = self._free[small]
        place = bisect.bisect_left(pool, (wanted, 0), key=lambda entry: entry[:2])
        block = pool.pop(place)[2] if place < len(pool) else self._new_segment(wanted, small)
        self._split(block, wanted, small)
        block.used, block.requested, block.tag = True, size, tag
        self.allocated += block.size
        self.peak_allocated = max(self.peak_allocated, self.allocated)
        return block

    def free(self, block: Block) -> None:
        """Take a block back and join it with free neighbours; its segment stays reserved."""
        self.allocated -= block.size
        block.used, block.requested, block.tag = False, 0, ""
        for neighbour in (block.before, block.after):
            if neighbour is not None and not neighbour.used:
                self._take(neighbour)
                _join(block, neighbour)
        bisect.insort(self._free[block.segment.small], (block.size, block.address, block), key=lambda entry: entry[:2])

    def empty_cache(self) -> None:
        """Give every segment without a block in use back to the driver."""
        for segment in list(self.segments):
            block = segment.first
            if block is not None and not block.used and block.after is None:
                self._take(block)
                self.segments.remove(segment)
                self.reserved -= segment.size

    def _new_segment(self, wanted: int, small: bool) -> Block:
        size = segment_size(wanted)
        if self.capacity is not None and self.reserved + size > self.capacity:
            self.empty_cache()
            if self.reserved + size > self.capacity:
                raise DoesNotFit(f"{wanted} bytes do not fit: {self.reserved} of {self.capacity} bytes are reserved")
        segment = Segment(self._next_address, size, small)
        self._next_address += size
        segment.first = Block(segment.address, size, segment)
        self.segments.append(segment)
        self.reserved += size
        self.peak_reserved = max(self.peak_reserved, self.reserved)
        return segment.first

    def _split(self, block: Block, wanted: int, small: bool) -> None:
        rest = block.size - wanted
        if rest < ROUND or (not small and rest <= SMALL):
            return
        remainder = Block(block.address + wanted, rest, block.segment, before=block, after=block.after)
        if block.after is not None:
            block.after.before = remainder
        block.after, block.size = remainder, wanted
        bisect.insort(self._free[small], (rest, remainder.address, remainder), key=lambda entry: entry[:2])

    def _take(self, block: Block) -> None:
        pool = self._free[block.segment.small]
        pool.pop(bisect.bisect_left(pool, (block.size, block.address), key=lambda entry: entry[:2]))


def rounded(size: int) -> int:
    """What a request of `size` bytes takes: a multiple of 512, at least 512."""
    return max(ROUND, -(-size // ROUND) * ROUND)


def segment_size(wanted: int) -> int:
    """Bytes of the segment that is reserved for a rounded request that no free block can serve."""
    if wanted <= SMALL:
        return SMALL_SEGMENT
    return LARGE_SEGMENT if wanted < OWN_SEGMENT else -(-wanted // ROUND_SEGMENT) * ROUND_SEGMENT


def _join(block: Block, neighbour: Block) -> None:
    """Merge a free block with a free neighbour."""
    if neighbour is block.before:
        block.address, block.before = neighbour.address, neighbour.before
        if block.before is not None:
            block.before.after = block
        else:
            block.segment.first = block
    else:
        block.after = neighbour.after
        if block.after is not None:
            block.after.before = block
    block.size += neighbour.size
