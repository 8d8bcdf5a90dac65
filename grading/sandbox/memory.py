"""How much memory a process has, as whoever watches over it can know it."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator

import psutil


def resident(process: psutil.Process) -> int:
    """Bytes of memory that it has, those that it shares included."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def own_share(process: psutil.Process) -> int:
    """Resident pages, each divided by the number of processes that share it. Dearer to know than the resident size."""
    try:
        try:
            return int(process.memory_full_info().pss)
        except psutil.AccessDenied:  # root in a container may not look into other users' processes; they themselves may
            with _seen_as(process.uids().real, process.gids().real):
                return int(process.memory_full_info().pss)
    except (psutil.Error, AttributeError):  # macOS does not know it
        return resident(process)


@contextlib.contextmanager
def _seen_as(user: int, group: int) -> Iterator[None]:
    """Let this thread read files, and nothing else, as another user."""
    if sys.platform != "linux":
        yield
        return
    libc = ctypes.CDLL(None)
    before = libc.setfsgid(group), libc.setfsuid(user)  # the group first: the user may not change it
    try:
        yield
    finally:
        libc.setfsuid(before[1])
        libc.setfsgid(before[0])
