"""CIFAR-10 and CIFAR-100: a checksummed, resumable download, and our own reader of the unpacked python folder.

The files are pickles, so none is opened unless its md5 is the known one. Needs no torchvision; knows nothing of the stand-in.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tarfile
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from hw_lib import environment
from hw_lib.errors import explain, invalid

_CHUNK = 1 << 20  # bytes per read


@dataclass(frozen=True)
class Source:
    """One data set: where its archive is, and the md5 of the archive and of every file in it."""

    archive: str
    archive_md5: str
    folder: str
    train: dict[str, str]
    test: dict[str, str]
    meta: dict[str, str]
    labels: bytes
    names: bytes
    url: str = field(default="https://www.cs.toronto.edu/~kriz/")


KNOWN: dict[str, Source] = {
    "cifar10": Source(
        archive="cifar-10-python.tar.gz",
        archive_md5="c58f30108f718f92721af3b95e74349a",
        folder="cifar-10-batches-py",
        train={
            "data_batch_1": "c99cafc152244af753f735de768cd75f",
            "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
            "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
            "data_batch_4": "634d18415352ddfa80567beed471001a",
            "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        },
        test={"test_batch": "40351d587109b95175f43aff81a1287e"},
        meta={"batches.meta": "5ff9c542aee3614f3951f8cda6e48888"},
        labels=b"labels",
        names=b"label_names",
    ),
    "cifar100": Source(
        archive="cifar-100-python.tar.gz",
        archive_md5="eb9058c3a382ffc7106e4002c42a8d85",
        folder="cifar-100-python",
        train={"train": "16019d7e3df5f24257cddd939b257f8d"},
        test={"test": "f0ef6b0ae62326f3e7ffdfab6717acfc"},
        meta={"meta": "7973b15100ade9c7d40fb424638fde48"},
        labels=b"fine_labels",
        names=b"fine_label_names",
    ),
}


def cache_dir() -> Path:
    """Where downloads are kept: $HW_LIB_DATA, else data/cache in a checkout of this repository, else ~/.cache/hw_lib."""
    if os.environ.get("HW_LIB_DATA"):
        return Path(os.environ["HW_LIB_DATA"]).expanduser()
    root = Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").is_file() and (root / "data" / "README.md").is_file():
        return root / "data" / "cache"
    return Path.home() / ".cache" / "hw_lib"


def available(name: str) -> bool:
    """True if every file of this data set is in the cache. Checks names only; reading checks the contents."""
    source = _source(name)
    return all((cache_dir() / source.folder / file).is_file() for file in (*source.train, *source.test, *source.meta))


def download(name: str = "cifar10") -> Path:
    """Fetch and unpack a data set into the cache. Goes on where a broken download stopped.

    The mirror in $HW_LIB_CIFAR_URL, if set, replaces the official host (the folder's address; the file name is added).

    Args:
        name: 'cifar10' (163 MiB) or 'cifar100' (162 MiB).

    Returns:
        The folder with the unpacked files.

    Raises:
        OSError: the host cannot be reached, or what came is not the known archive (it is deleted then).
        ValueError: an unknown name.
    """
    source = _source(name)
    folder = cache_dir() / source.folder
    if available(name):
        return folder
    cache_dir().mkdir(parents=True, exist_ok=True)
    archive = cache_dir() / source.archive
    if not archive.exists():
        part = archive.with_name(archive.name + ".part")
        _fetch(os.environ.get("HW_LIB_CIFAR_URL", source.url).rstrip("/") + "/" + source.archive, part)
        part.replace(archive)
    if _md5(archive) != source.archive_md5:
        archive.unlink()
        raise OSError(
            explain(
                f"download({name!r}): what came is not the known archive; it is deleted",
                expected=f"md5 {source.archive_md5}",
                got="another md5",
                fix="try again; if you set HW_LIB_CIFAR_URL, check that the mirror holds the original file",
            )
        )
    _unpack(archive, source)
    archive.unlink()
    return folder


def read(name: str, part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read the training or the test images from the unpacked folder.

    Args:
        name: 'cifar10' or 'cifar100' (its 100 fine labels).
        part: 'train' or 'test'.

    Returns:
        images: (N, 3, 32, 32) uint8.
        labels: (N,) int64.

    Raises:
        OSError: a file is missing or is not the known one.
        ValueError: an unknown name.
    """
    source = _source(name)
    batches = [_open_pickle(source, file, md5) for file, md5 in (source.train if part == "train" else source.test).items()]
    images = np.concatenate([np.asarray(batch[b"data"], np.uint8) for batch in batches])
    labels = np.concatenate([np.asarray(batch[source.labels], np.int64) for batch in batches])
    return images.reshape(-1, 3, 32, 32), labels


def class_names(name: str) -> tuple[str, ...]:
    """The name of each label, from the data set's own file.

    Raises:
        OSError: the file is missing or is not the known one.
    """
    source = _source(name)
    ((file, md5),) = source.meta.items()
    return tuple(word.decode() for word in _open_pickle(source, file, md5)[source.names])


def _source(name: str) -> Source:
    if name not in KNOWN:
        raise invalid(f"unknown data set {name!r}", expected=" or ".join(map(repr, KNOWN)), got=repr(name))
    return KNOWN[name]


def _open_pickle(source: Source, file: str, md5: str) -> dict[bytes, Any]:
    """Unpickle one file, and only if it is byte for byte the known one."""
    path = cache_dir() / source.folder / file
    content = path.read_bytes()
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise OSError(
            explain(
                f"{path} is not the known file, so it is not opened",
                expected=f"md5 {md5}",
                got="another md5",
                fix=f"delete the folder {path.parent} and download again",
            )
        )
    return cast("dict[bytes, Any]", pickle.loads(content, encoding="bytes"))


def _fetch(url: str, part: Path) -> None:
    """Download to `part`, appending to what an earlier try left there."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            _save(response, part, have if response.status == 206 else 0)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # 416: nothing is left to fetch
            raise _unreachable(url, error) from error
    except OSError as error:
        raise _unreachable(url, error) from error


def _save(response: HTTPResponse, part: Path, start: int) -> None:
    length = response.headers.get("Content-Length")
    total = start + int(length) if length else None
    with (
        part.open("ab" if start else "wb") as file,
        tqdm(
            total=total,
            initial=start,
            unit="B",
            unit_scale=True,
            desc=part.stem,
            disable=environment.quiet(),
            file=environment.bar_stream(),
        ) as bar,
    ):
        while chunk := response.read(_CHUNK):
            file.write(chunk)
            bar.update(len(chunk))
    if total is not None and part.stat().st_size < total:
        raise ConnectionError(f"the connection ended after {part.stat().st_size} of {total} bytes")


def _unreachable(url: str, error: Exception) -> OSError:
    return OSError(
        explain(
            f"download: {url} cannot be fetched",
            got=error,
            fix="run download again later, it goes on where it stopped; or set HW_LIB_CIFAR_URL to a mirror's folder",
        )
    )


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _unpack(archive: Path, source: Source) -> None:
    """Take the files we know out of the archive, by name; nothing else in it is touched."""
    (archive.parent / source.folder).mkdir(exist_ok=True)
    with tarfile.open(archive) as tar:
        for file in (*source.train, *source.test, *source.meta):
            content = tar.extractfile(f"{source.folder}/{file}")
            if content is None:
                raise OSError(f"{archive.name} has no file {source.folder}/{file}")
            (archive.parent / source.folder / file).write_bytes(content.read())
