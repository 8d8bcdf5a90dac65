"""What watches the red team sees what it should: planted changes, survivors and scripts are found."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.redteam import harness, watch


def test_a_changed_file_is_seen(tmp_path: Path) -> None:
    """New, changed, removed, and with other rights: each makes a difference, and what is left out does not."""
    (tmp_path / "build").mkdir()
    file = tmp_path / "a.txt"
    file.write_text("one")
    before = watch.files(tmp_path, tmp_path / "build")
    (tmp_path / "build" / "b.txt").write_text("grades")
    assert watch.files(tmp_path, tmp_path / "build") == before
    file.chmod(0o600)
    assert watch.files(tmp_path, tmp_path / "build") != before
    file.chmod(0o644)
    file.write_text("two")
    assert watch.files(tmp_path, tmp_path / "build") != before
    file.write_text("one")
    assert watch.files(tmp_path, tmp_path / "build") == before
    (tmp_path / "link").symlink_to("a.txt")
    assert watch.files(tmp_path, tmp_path / "build") != before


@pytest.mark.kernel
def test_a_process_that_lives_on_is_seen(tmp_path: Path) -> None:
    """A process in a sandbox that holds a folder of ours is found, and not found once it is gone."""
    harness.refuse_without_sandbox()
    (tmp_path / "inside").mkdir()
    bwrap = str(shutil.which("bwrap"))
    command = [bwrap, "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--ro-bind", str(tmp_path / "inside"), "/mnt"]
    # the shell itself waits: one that becomes another program has no command line for a moment
    process = subprocess.Popen(
        [*command, "--unshare-pid", "sh", "-c", "echo ready; read line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert any("read line" in found for found in watch.survivors(tmp_path))
    finally:
        process.kill()
        process.communicate()
    assert watch.survivors(tmp_path / "somewhere else") == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        "<a href=' java\nscript:alert(1)'>x</a>",
        "<img src=https://example.org/x.png>",
        "<svg onload=alert(1)/>",
        "<IFRAME>",
    ],
)
def test_an_active_part_is_seen(page: str) -> None:
    """Scripts, handlers, addresses of every spelling: found; text about them and links within the page: not."""
    assert watch.active_parts(page)
    assert watch.active_parts("<p>&lt;script&gt; onclick=1</p><a href='#part-1'>x</a>") == []


def test_a_call_is_heard() -> None:
    """Both listeners notice a caller."""
    with harness.listeners() as (calls, port, name):
        with socket.create_connection(("127.0.0.1", port)) as line:
            assert line.recv(1) == b""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect("\0" + name)
            assert line.recv(1) == b""
    assert sorted(calls) == ["AF_INET", "AF_UNIX"]
