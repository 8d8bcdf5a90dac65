"""A Jupyter server as a process, for tests that look at it with a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TOKEN = "evening"


@contextmanager
def served(app: str, root: Path, own: Path, *, environment: Mapping[str, str], options: Sequence[str] = ()) -> Iterator[str]:
    """Run `python -m app` in a folder; the address, without a slash at its end. `own` holds its settings and its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mine = dict.fromkeys(("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"), str(own))
    command = [sys.executable, "-m", app, "--no-browser", "--allow-root", f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={root}", "--ServerApp.port_retries=0", *options]
    with (own / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env={**environment, **mine}, cwd=root, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, (own / "log").read_text(encoding="utf-8")
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def inherited(**more: str) -> dict[str, str]:
    """This process's environment without what says that somebody grades, and with more."""
    return {name: value for name, value in os.environ.items() if name not in ("NBGRADER_EXECUTION", "HW_LIB_QUIET")} | more
