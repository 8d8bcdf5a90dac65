"""Landlock: a process gives up files, network and signals by rules that the kernel keeps. Knows nothing of grading.

Needs no rights and no namespaces, so it works where those are refused. It does not hide that files and processes exist, and it
bounds nothing: limits and the hunt for what is left running are somebody else's.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct

from grading.inside import isolate

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every machine
_ABI_VERSION, _PATH_BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READ = EXECUTE | READ_FILE | READ_DIR
_OF_FIRST, _REFER, _TRUNCATE, _DEVICE_CONTROL = (1 << 13) - 1, 1 << 13, 1 << 14, 1 << 15
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _DEVICE_CONTROL
_ALL_NETWORK, _ALL_SCOPES = 3, 3  # TCP bind and connect; abstract sockets and signals

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Which version of Landlock this kernel has; 0 for none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ABI_VERSION)))


def rights(abi: int) -> int:
    """Every right over files that this version knows, and therefore takes away where no rule gives it."""
    known = _OF_FIRST
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _DEVICE_CONTROL)):
        known |= right if abi >= since else 0
    return known


def ruleset(abi: int) -> bytes:
    """What is taken away: files, and in later versions the network, abstract sockets and signals to others."""
    parts = [rights(abi)]
    if abi >= 4:
        parts.append(_ALL_NETWORK)
    if abi >= 6:
        parts.append(_ALL_SCOPES)
    return struct.pack(f"={len(parts)}Q", *parts)


def rule(abi: int, allowed: int, descriptor: int, is_folder: bool) -> bytes:
    """What is given back for one file, or for one folder and everything in it."""
    return struct.pack("=Qi", allowed & rights(abi) & (-1 if is_folder else _OF_FILES), descriptor)


def restrict(readable: list[str], writable: list[str], listable: list[str]) -> None:
    """From here on this process and its children have only these.

    Args:
        readable: files and folders to read and run; what does not exist is left out.
        writable: folders to do anything in, and devices.
        listable: folders whose names may be seen, and those of everything below.

    Raises:
        OSError: the kernel refused; nothing must run then.
    """
    abi = version()
    if abi < 1:
        raise OSError("this kernel has no Landlock")
    attributes = ruleset(abi)
    rules = isolate.call_number(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    try:
        everything = rights(abi)
        for paths, allowed in ((readable, READ), (writable, everything), (listable, READ_DIR)):
            for path in paths:
                _allow(rules, abi, path, allowed)
        isolate.forbid_new_rights()
        isolate.call_number(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, abi: int, path: str, allowed: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        isolate.call_number(_ADD_RULE, rules, _PATH_BENEATH, rule(abi, allowed, descriptor, is_folder), 0)
    finally:
        os.close(descriptor)
