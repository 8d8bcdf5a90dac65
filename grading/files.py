"""Atomic writes; temp folders and worker numbers that belong to one process, and the removal of what a killed process left.

A lock that the kernel holds tells living processes from dead ones. Knows nothing of grading.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import itertools
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "hw-grading-"
_MOST_WORKERS = 2_000
_STRAY_S = 600.0  # no write takes this long

_guard = threading.Lock()
_mine: dict[int, tuple[Path, int]] = {}  # process id -> run folder and its lock: a forked child must not take its parent's
_counter = itertools.count()


def digest(parts: Iterable[bytes]) -> str:
    """One hash of several texts; each is hashed by itself first, so that no two lists of parts look the same."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def library_files(folder: Path) -> list[tuple[str, Path]]:
    """The files of the hw_lib in a folder, data included, by their names relative to it, in order; no caches, nothing hidden."""
    found = []
    for path in sorted((folder / "hw_lib").rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not hidden and path.suffix not in (".pyc", ".pyo") and path.is_file():
            found.append(("/".join(parts), path))
    return found


def root() -> Path:
    """The run folder of this process, made at the first call; it goes when the process ends, or with the next process's."""
    with _guard:
        if os.getpid() not in _mine:
            sweep()
            _mine[os.getpid()] = _claim()
            atexit.register(remove)
        return _mine[os.getpid()][0]


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A fresh folder below the run folder."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=root()) as made:
        yield Path(made)


@contextmanager
def around() -> Iterator[None]:
    """Whatever other libraries put into the temp folder meanwhile goes below the run folder, too."""
    before, tempfile.tempdir = tempfile.tempdir, str(root())
    try:
        yield
    finally:
        tempfile.tempdir = before


def remove() -> None:
    """Remove the run folder of this process and those of dead ones."""
    with _guard:
        found = _mine.pop(os.getpid(), None)
        if found is not None:
            shutil.rmtree(found[0], ignore_errors=True)
            os.close(found[1])
            sweep()


def sweep() -> None:
    """Remove the run folders of processes that were killed: nobody holds their locks."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = _locked(path)
        if lock is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def sweep_strays(folder: Path) -> None:
    """Remove half-written files (`.name.xyz`, see `write_bytes`) that a killed process left below a folder."""
    for path in folder.rglob(".*"):
        try:
            if path.is_file() and time.time() - path.lstat().st_mtime > _STRAY_S:
                path.unlink()
        except OSError:  # another process was quicker
            continue


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees the old text or the new one and nothing between."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """The same for bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


@contextmanager
def worker_id() -> Iterator[int]:
    """The lowest number that nobody else on this machine holds; the kernel gives it back when the process dies.

    A name of an abstract socket is a lock without a file. Where there are none (macOS), only this process counts.
    """
    if sys.platform != "linux":
        yield next(_counter)
        return
    for number in range(_MOST_WORKERS):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as held:
            try:
                held.bind(f"\0hw-lib.worker.{number}")
            except OSError:
                continue
            yield number
            return
    raise OSError(f"{_MOST_WORKERS} submissions are running on this machine already")


def _claim() -> tuple[Path, int]:
    """A new folder with its lock. Between the two a sweep may take it for a dead one: then again."""
    while True:
        made = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = _locked(made)
        if lock is not None:
            return made, lock


def _locked(folder: Path) -> int | None:
    """The lock of a run folder, if nobody holds it and the folder is still there."""
    path = folder / "lock"
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # gone in this moment, or somebody else's
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), path.stat()):
            return lock
    except OSError:
        pass
    os.close(lock)
    return None
