"""What lies in a folder or a zip, as one flat list of files that can be read safely. Knows nothing of students.

Nothing is unpacked to disk, no link is followed, and every read has a limit that counts the bytes that really come out:
what a zip says about its own sizes is not believed.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from grading import display
from grading.deadline import NOT_SAID, HandedIn

_CHUNK = 64 * 1024
_DIRECTORY_BYTES = 16 * 1024 * 1024  # the table of contents of a zip: some 150,000 entries
_CHECKPOINTS = ".ipynb_checkpoints"  # where Jupyter keeps the last saved state of every notebook
_LITTER = frozenset({"__pycache__", "__MACOSX", "node_modules", "site-packages", "venv"})
_DRIVE = re.compile(r"[A-Za-z]:")


class Unreadable(Exception):  # noqa: N818 - its message reads "<name> is a link"
    """A file, a folder or a zip that cannot be read, or must not be. The message completes "<name> …"."""


@dataclass(frozen=True)
class Item:
    """One file or folder of a source.

    Attributes:
        path: relative to the source, free of `..`.
        modified: larger is newer; only good for comparing files of one source.
        reader: takes a limit in bytes, returns the content.
        folder: a folder; only said so that an empty one is seen.
        trouble: why it will not be read ("is a link"), empty otherwise.
        when: when it was handed in, as the platform says.
        attempt: 0 for what was handed in last, larger for what was handed in before it, where a platform tells them apart.
    """

    path: PurePosixPath
    modified: int
    reader: Callable[[int], bytes]
    folder: bool = False
    trouble: str = ""
    attempt: int = 0
    when: HandedIn = NOT_SAID

    @property
    def is_link(self) -> bool:
        """Whether it was not read because it only says where something else lies."""
        return self.trouble.startswith("is a link")

    @property
    def is_checkpoint(self) -> bool:
        """Whether Jupyter made it, as a copy of the notebook in the folder above."""
        return _CHECKPOINTS in self.path.parts

    def read(self, limit: int) -> bytes:
        """The content; raises Unreadable for a link, a damaged file, or more than `limit` bytes."""
        if self.trouble:
            raise Unreadable(self.trouble)
        try:
            return self.reader(limit)
        except Unreadable:
            raise
        except Exception as error:  # a damaged file can make zipfile raise nearly anything
            raise Unreadable(f"could not be read ({type(error).__name__})") from error

    def without_prefix(self, depth: int) -> Item:
        """The same file, its path without the first `depth` folders."""
        return replace(self, path=PurePosixPath(*self.path.parts[depth:]))


@dataclass(frozen=True)
class ArchiveContents:
    """Every file of a source, and what was ignored for safety."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


@contextmanager
def opened(source: Path) -> Iterator[ArchiveContents]:
    """The files of a folder or a zip; they can be read while the context lasts."""
    if source.is_dir():
        yield of_folder(source)
        return
    try:
        file = source.open("rb")
    except OSError as error:
        raise Unreadable(f"cannot be opened ({error.strerror})") from error
    with file:
        yield of_zip(file)


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is never part of an answer: hidden, a cache, an environment."""
    return name != _CHECKPOINTS and (name.startswith(".") or name in _LITTER)


def too_large(limit: int) -> Unreadable:
    """The error for a file over the limit."""
    return Unreadable(f"is larger than {limit // 1_000_000} MB")


def of_folder(root: Path) -> ArchiveContents:
    """Every file under a folder, sorted; links are named but not followed."""
    items: list[Item] = []
    waiting = [(root, PurePosixPath())]
    while waiting:
        folder, place = waiting.pop()
        try:
            entries = [entry for entry in os.scandir(folder) if not is_ignored(entry.name)]
        except OSError as error:
            if not place.parts:
                raise Unreadable(f"cannot be opened ({error.strerror})") from error
            items.append(Item(place / "?", 0, _nothing, trouble=f"cannot be opened ({error.strerror})"))
            continue
        for entry in entries:
            item = _of_entry(entry, place / entry.name)
            items.append(item)
            if item.folder:
                waiting.append((Path(entry.path), item.path))
    return ArchiveContents(_sorted(items))


def of_zip(file: IO[bytes]) -> ArchiveContents:
    """Every file in a zip, sorted; of two entries with one name the later one counts, as it does when unpacking."""
    try:
        bundle = zipfile.ZipFile(_Guarded(file))
    except Exception as error:
        raise Unreadable("is not a zip, or a damaged one") from error
    items: dict[PurePosixPath, Item] = {}
    unsafe: list[str] = []
    for info in bundle.infolist():
        path = _safe_path(info.orig_filename)
        if path is None:
            unsafe.append(info.orig_filename)
        elif path.parts and not any(is_ignored(part) for part in path.parts):
            items[path] = _of_member(bundle, info, path)
    return ArchiveContents(_sorted(items.values()), _unsafe_note(unsafe))


def _sorted(items: Iterable[Item]) -> tuple[Item, ...]:
    """By path. Jupyter's copies of notebooks stay, for one may be all that somebody handed in; of anything else they are litter."""
    kept = (item for item in items if not item.is_checkpoint or (item.path.suffix == ".ipynb" and not item.folder))
    return tuple(sorted(kept, key=lambda item: item.path))


def _of_entry(entry: os.DirEntry[str], path: PurePosixPath) -> Item:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return Item(path, 0, _nothing, trouble=f"cannot be read ({error.strerror})")
    if stat.S_ISDIR(status.st_mode):
        return Item(path, 0, _nothing, folder=True)
    trouble = "" if stat.S_ISREG(status.st_mode) else "is not a plain file"
    if stat.S_ISLNK(status.st_mode):
        trouble = "is a link, and links are not followed"
    return Item(path, status.st_mtime_ns, lambda limit: _read_file(entry.path, limit), trouble=trouble)


def _read_file(path: str, limit: int) -> bytes:
    # The two flags: a file that was swapped for a link or a pipe since it was listed is neither followed nor waited for.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        return _limited(file, limit)


def _of_member(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, path: PurePosixPath) -> Item:
    def read(limit: int) -> bytes:
        with bundle.open(info) as file:
            return _limited(file, limit)

    moment = 0
    for figure in info.date_time:
        moment = moment * 100 + figure
    return Item(path, moment, read, folder=info.filename.endswith("/"), trouble=_member_trouble(info))


def _member_trouble(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link, and links are not followed"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is not a plain file"
    if info.flag_bits & 0x1:
        return "is protected with a password"
    # The module unpacks the other methods a whole chunk at a time, whatever comes out: no limit would hold.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed with an unusual method"
    return ""


def _safe_path(name: str) -> PurePosixPath | None:
    name = name.replace("\\", "/")
    if "\0" in name or name.startswith("/") or _DRIVE.match(name):
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return None if ".." in parts else PurePosixPath(*parts)


def _unsafe_note(names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    shown = ", ".join(repr(display.line(name, chars=40)) for name in names[:3])
    return (f"{len(names)} entries of the zip point outside of it and were ignored: {shown}.",)


def _limited(file: IO[bytes], limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := file.read(_CHUNK):
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        pieces.append(piece)
    return b"".join(pieces)


def _nothing(limit: int) -> bytes:
    raise Unreadable("is not a file")


class _Guarded(io.BufferedIOBase):
    """A file that refuses one huge read: a zip whose table of contents is a bomb ends as a damaged zip."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY_BYTES:
            raise zipfile.BadZipFile("table of contents too large")
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True
