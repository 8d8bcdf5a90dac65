"""A real server of `hw mark`, as a process, and people who speak to it as browsers do."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.grading.conftest import ROOT


def say_a_name(page: Any) -> None:
    """Answer the page that asks who reads, by keyboard; the questions come."""
    page.wait_for_selector("input[name=name]:focus")  # keys that come before it are nobody's
    page.keyboard.press("Control+A")
    page.keyboard.type("Tom")
    assert page.input_value("input[name=name]") == "Tom"
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody a")


def free_port() -> int:
    """A port that nobody uses in this moment."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Server:
    """One server; started again on its port after it was killed."""

    def __init__(self, root: Path, port: int = 0, db: str = "", prefix: str = "") -> None:
        """Start it for the course in a folder; ready when it has said where it is.

        Args:
            root: the course.
            port: where; 0 for any.
            db: the gradebook, if it is not the course's.
            prefix: as an extension of a Jupyter server below this address ("/user/ta"), as a hub starts one.
        """
        self.port, self.prefix, self._root = port or free_port(), prefix, root
        self._command = [sys.executable, "-m", "grading.cli", "--course", str(root), "mark", "mini", "--no-browser"]
        self._command += ["--port", str(self.port), *(["--db", db] if db else [])]
        if prefix:
            self._command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={self.port}"]
            self._command += [f"--ServerApp.base_url={prefix}/", f"--ServerApp.root_dir={root}", "--IdentityProvider.token=token"]
            self._command += ["--ServerApp.jpserver_extensions=grading.mark.web.app=True", "--MarkApp.homework=mini"]
            self._command += [f"--MarkApp.course={root / 'course.toml'}"]
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        mine = {f"JUPYTER_{kind}_DIR": str(self._root / "jupyter" / kind.lower()) for kind in ("RUNTIME", "CONFIG", "DATA")}
        environment = {**os.environ, **mine, "PYTHONUNBUFFERED": "1", "COLUMNS": "400"}
        with (self._root / "server.log").open("ab") as log:
            self.process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log)
        if self.prefix:
            self.url = f"http://localhost:{self.port}{self.prefix}/mark?token=token"
            self._wait()
            return
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(rb"http://\S+token=\w+", line):
                self.url = found[0].decode()
                self._wait()
                return
        raise AssertionError((self._root / "server.log").read_text())

    def _wait(self) -> None:
        """Its address is said a moment before it listens."""
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("localhost", self.port), timeout=5):
                return
            time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def kill(self) -> None:
        """As a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def running(root: Path, db: str = "", prefix: str = "") -> Iterator[Server]:
    """A server, gone afterwards."""
    server = Server(root, db=db, prefix=prefix)
    try:
        yield server
    finally:
        server.kill()


class Reader:
    """A person with a browser that knows no script: pages are read, choices are sent."""

    def __init__(self, server: Server, name: str) -> None:
        """Come with the token, and say who you are."""
        self._base = f"http://localhost:{server.port}{server.prefix}/mark"
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open
        page = self.get(server.url)
        token = re.search(r'name="_xsrf" value="([^"]+)"', page)
        assert token is not None
        form = urllib.parse.urlencode({"_xsrf": token[1], "name": name, "then": ""}).encode()
        assert self.ask("name", form)[0] == 200

    def ask(self, url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """What the server says, whatever its status is; the page's address is in `where`, its headers in `headers`."""
        request = urllib.request.Request(url if url.startswith("http") else f"{self._base}/{url}", data, headers or {})
        try:
            answer = self._open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.where, self.headers = answer.url, dict(answer.headers)
            return answer.status, answer.read()

    def get(self, url: str) -> str:
        """A page's text."""
        status, text = self.ask(url)
        assert status == 200, text
        return text.decode("utf-8", "replace")

    def post(self, url: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What the server says to a choice: its status, and what it answers."""
        status, text = self.ask(url, json.dumps(body).encode(), {"Content-Type": "application/json", "X-XSRFToken": self.xsrf})
        return status, json.loads(text)

    def next(self, question: str, after: str = "") -> dict[str, str]:
        """The next answer: its address, stamp and name; nothing where there is none."""
        page = self.get(f"q/{question}/next?after={after}")
        found = dict(re.findall(r'data-(here|stamp|xsrf)="([^"]*)"', page))
        self.xsrf = found.get("xsrf", "")
        if "here" not in found:
            return {}
        here = f"http://localhost:{urllib.parse.urlsplit(self._base).port}{found['here']}"
        return {"here": here, "stamp": found["stamp"], "name": here.rpartition("/")[2], "page": page}
