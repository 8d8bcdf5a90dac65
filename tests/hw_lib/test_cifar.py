"""Download and reader of CIFAR, against a server on localhost that serves a tiny archive of the same layout."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import io
import pickle
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from hw_lib import data, errors
from hw_lib.data import cifar


def md5(content: bytes) -> str:
    """The checksum the reader compares with."""
    return hashlib.md5(content).hexdigest()


def batch(n: int, start: int) -> bytes:
    """A pickled batch as the authors wrote them: data (N, 3072) uint8 and a list of labels."""
    pixels = (np.arange(n * 3072) + start).astype(np.uint8).reshape(n, 3072)
    return pickle.dumps({b"data": pixels, b"labels": [(start + i) % 10 for i in range(n)]})


@functools.cache
def files() -> dict[str, bytes]:
    """A CIFAR-10 of 12 training and 4 test images."""
    names = pickle.dumps({b"label_names": [f"class{k}".encode() for k in range(10)]})
    return {"data_batch_1": batch(6, 0), "data_batch_2": batch(6, 6), "test_batch": batch(4, 3), "batches.meta": names}


@functools.cache
def archive() -> bytes:
    """The same as a tar.gz, with one file more that must not be unpacked."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=0) as tar:
        for name, content in {**files(), "../evil": b"x"}.items():
            info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


class Handler(BaseHTTPRequestHandler):
    """Serves the archive, honours ranges, and can break off after some bytes."""

    requests: list[str | None] = []  # noqa: RUF012  shared on purpose: one handler is made for each request
    content = b""
    break_after: int | None = None
    ranges = True

    def do_GET(self) -> None:
        """Answer one request."""
        wanted = self.headers.get("Range")
        type(self).requests.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.ranges else 0
        if start and start >= len(self.content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(self.content) - start))
        self.end_headers()
        body = self.content[start:]
        if self.break_after is not None:
            body, type(self).break_after = body[: self.break_after], None
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Handler]]:
    """A mirror on localhost, an empty cache, and the tiny archive's checksums in place of the real ones."""
    handler = type("OneTest", (Handler,), {"requests": [], "content": archive()})
    source = dataclasses.replace(
        cifar.KNOWN["cifar10"],
        archive_md5=md5(archive()),
        train={name: md5(files()[name]) for name in ("data_batch_1", "data_batch_2")},
        test={"test_batch": md5(files()["test_batch"])},
        meta={"batches.meta": md5(files()["batches.meta"])},
    )
    monkeypatch.setitem(cifar.KNOWN, "cifar10", source)
    monkeypatch.setenv("HW_LIB_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("HW_LIB_QUIET", "1")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        monkeypatch.setenv("HW_LIB_CIFAR_URL", f"http://127.0.0.1:{httpd.server_port}/mirror/")
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield handler
        httpd.shutdown()
        thread.join()


def test_download_read_load(server: type[Handler], capsys: pytest.CaptureFixture[str]) -> None:
    """After one download, load gives CIFAR-10 under its own name and says nothing."""
    assert not data.available("cifar10")
    folder = data.download("cifar10")
    assert sorted(path.name for path in folder.iterdir()) == sorted(files())
    assert sorted(path.name for path in folder.parent.iterdir()) == ["cifar-10-batches-py"]
    images = data.load("cifar10", n_train=12, n_test=4)
    assert (images.name, images.x_train.shape, images.x_test.shape) == ("cifar10", (12, 3, 32, 32), (4, 3, 32, 32))
    assert sorted(images.y_train.tolist()) == sorted([k % 10 for k in range(12)])
    assert images.class_names[3] == "class3"
    assert capsys.readouterr().out == ""
    data.download("cifar10")
    assert len(server.requests) == 1


def test_reader_keeps_the_channel_order(server: type[Handler]) -> None:
    """A row of the file is red, green, blue, each 32 lines of 32 pixels."""
    data.download("cifar10")
    x, y = cifar.read("cifar10", "train")
    assert (x[0, 0, 0, 1], x[0, 0, 1, 0], x[0, 1, 0, 0]) == (1, 32, 1024 % 256)
    assert y.tolist() == [k % 10 for k in range(12)]
    assert x.dtype == np.uint8


def test_load_draws_with_the_seed(server: type[Handler]) -> None:
    """Fewer images than there are: which ones depends on the seed only."""
    data.download("cifar10")
    first, again, other = (data.load("cifar10", n_train=8, n_test=2, seed=s) for s in (0, 0, 1))
    np.testing.assert_array_equal(first.x_train, again.x_train)
    assert not np.array_equal(first.y_train, other.y_train)


def test_a_broken_download_goes_on(server: type[Handler]) -> None:
    """What a broken connection left is kept, and the next try fetches the rest only."""
    server.break_after = 1000
    with pytest.raises(OSError, match="run download again later, it goes on where it stopped"):
        data.download("cifar10")
    assert data.download("cifar10").is_dir()
    assert server.requests == [None, "bytes=1000-"]


def test_a_server_without_ranges(server: type[Handler]) -> None:
    """A server that sends everything again is no problem: the file starts anew."""
    server.break_after, server.ranges = 1000, False
    with pytest.raises(OSError, match="cannot be fetched"):
        data.download("cifar10")
    assert data.download("cifar10").is_dir()


def test_a_complete_part_is_used(server: type[Handler]) -> None:
    """If everything had arrived already, the server's 'nothing left' is not an error."""
    data.cache_dir().mkdir(parents=True)
    (data.cache_dir() / "cifar-10-python.tar.gz.part").write_bytes(archive())
    assert data.download("cifar10").is_dir()


def test_a_wrong_archive_is_deleted(server: type[Handler]) -> None:
    """Another file under the known name is never unpacked, and does not stay."""
    server.content = archive() + b"x"
    with pytest.raises(OSError, match="HW_LIB_CIFAR_URL") as caught:
        data.download("cifar10")
    assert "it is deleted" in errors.read(str(caught.value)).what
    assert list(data.cache_dir().iterdir()) == []


def test_an_unreachable_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No connection: the message names the address, the mirror variable and what to do."""
    monkeypatch.setenv("HW_LIB_DATA", str(tmp_path))
    monkeypatch.setenv("HW_LIB_CIFAR_URL", "http://127.0.0.1:9/nothing")
    with pytest.raises(OSError, match="set HW_LIB_CIFAR_URL to a mirror") as caught:
        data.download("cifar10")
    assert "http://127.0.0.1:9/nothing/cifar-10-python.tar.gz cannot be fetched" in str(caught.value)


def test_a_changed_file_is_never_unpickled(server: type[Handler], tmp_path: Path) -> None:
    """A pickle with another md5 is not opened, whatever it would do."""

    class Evil:
        def __reduce__(self) -> tuple:
            return (Path.touch, (tmp_path / "ran",))

    folder = data.download("cifar10")
    (folder / "data_batch_1").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(OSError, match="not the known file, so it is not opened"):
        data.load("cifar10", n_train=2, n_test=2)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("call", [data.available, data.download, cifar.class_names])
def test_unknown_names(call: object) -> None:
    """An unknown data set is refused with the names that exist."""
    with pytest.raises(ValueError, match="'cifar10' or 'cifar100'"):
        call("mnist")
