"""Writes a prediction as a snapshot that PyTorch's memory viewer opens (drop the file on pytorch.org/memory_viz).

The format is that of `torch.cuda.memory._dump_snapshot`: segments with blocks, and one trace of actions for the device.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from hw_lib.labs.memory.allocator import Block, CachingAllocator, Segment
from hw_lib.labs.memory.trace import Storage, Trace


def snapshot(trace: Trace) -> dict[str, Any]:
    """Play a trace through the allocator and note everything the viewer shows.

    Args:
        trace: births and deaths.

    Returns:
        A dict as `torch.cuda.memory._snapshot()` makes it; the kind and the operation stand where a real one has the stack. Times
        are the numbers of the events: a trace has no clock.
    """
    allocator, blocks = CachingAllocator(), dict[int, Block]()
    actions: list[dict[str, Any]] = []
    for time, (number, born) in enumerate(trace.events):
        storage = trace.storages[number]
        if storage.host:
            continue
        if born:
            known = len(allocator.segments)
            block = blocks[number] = allocator.malloc(storage.size, _label(storage))
            for segment in allocator.segments[known:]:
                actions.append(_action("segment_alloc", segment.address, segment.size, time, storage))
            actions.append(_action("alloc", block.address, block.size, time, storage))
        else:
            block = blocks.pop(number)
            actions += [_action(name, block.address, block.size, time, storage) for name in ("free_requested", "free_completed")]
            allocator.free(block)
    return {
        "segments": [_segment(segment) for segment in allocator.segments],
        "device_traces": [actions],
        "allocator_settings": {},
        "external_annotations": [],
    }


def write_snapshot(trace: Trace, path: str | Path) -> None:
    """Write the snapshot of a trace into a file for the viewer."""
    Path(path).write_bytes(pickle.dumps(snapshot(trace)))


def _label(storage: Storage) -> str:
    return f"{storage.kind}: {storage.operation or 'given'}"


def _frames(label: str) -> list[dict[str, Any]]:
    kind, _, operation = label.partition(": ")
    return [{"filename": kind, "line": 0, "name": operation}]


def _action(name: str, address: int, size: int, time: int, storage: Storage) -> dict[str, Any]:
    frames = _frames(_label(storage))
    return {"action": name, "addr": address, "size": size, "stream": 0, "time_us": time, "frames": frames}


def _segment(segment: Segment) -> dict[str, Any]:
    blocks = segment.blocks()
    used = sum(block.size for block in blocks if block.used)
    return {
        "device": 0,
        "address": segment.address,
        "total_size": segment.size,
        "stream": 0,
        "segment_type": "small" if segment.small else "large",
        "segment_pool_id": (0, 0),
        "is_expandable": False,
        "allocated_size": used,
        "active_size": used,
        "requested_size": sum(block.requested for block in blocks),
        "frames": [],
        "blocks": [
            {
                "address": block.address,
                "size": block.size,
                "requested_size": block.requested,
                "state": "active_allocated" if block.used else "inactive",
                "frames": _frames(block.tag) if block.used else [],
            }
            for block in blocks
        ],
    }
