"""A real PostgreSQL of a test's own: an ordinary user's, on a Unix socket in a temp folder, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ORDINARY = ("postgres", "nobody")  # the server refuses to run as root


def binaries() -> Path | None:
    """The folder of initdb and postgres; Debian keeps it off PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file() and (folder / "postgres").is_file()), None)


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Start one; yields the URL of an empty database."""
    person: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="hw-postgresql-"))  # not below pytest's folders, which an ordinary user may not enter
    if os.geteuid() == 0:
        name = next(name for name in _ORDINARY if _known(name))
        person = {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
        shutil.chown(folder, name)
    data = folder / "data"
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "hw", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
    postgres = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    try:
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, timeout=120, **person)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(postgres, stdout=log, stderr=log, cwd=folder, **person)
        try:
            _wait(programs, folder, process)
            yield f"postgresql+psycopg2://hw@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)  # a fast shutdown: open connections are closed
            process.wait(60)
    finally:
        shutil.rmtree(folder)


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _wait(programs: Path, folder: Path, process: subprocess.Popen[bytes]) -> None:
    ready = [str(programs / "pg_isready"), "-h", str(folder), "-q"]
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL is not ready: {(folder / 'log').read_text()}")
