"""The fork servers and the list of fonts that all gradings in one test process share.

A grading makes two fork servers and a list of fonts, six process seconds, and ends them; these are made once. Sandboxes, forks and
walls are the real ones. `test_warm.py` and the red team start fork servers of their own.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading.execute import worker
from grading.sandbox.spec import Sandbox
from grading.sandbox.warm import Warm


class Shared(Warm):
    """Fork servers that outlive the grading that asked for them."""

    def __init__(self, top: Path) -> None:
        """`top` is where each library that a server shows is kept, in the folder of all temp folders of this run."""
        super().__init__()
        self._libraries, self._temporary = top / "libraries", top.parent
        self._same: dict[Path, Path] = {}

    def start(self, box: Sandbox, *rest: Any) -> Any:
        """As always, but the same library is at the same place for all, and a test's own temp folder needs no hiding."""
        hidden = tuple(folder for folder in box.hidden if not folder.is_relative_to(self._temporary))
        return super().start(replace(box, library=self._kept(box.library), hidden=hidden), *rest)

    def close(self) -> None:
        """Not yet."""

    def end(self) -> None:
        """Now."""
        super().close()

    def _kept(self, library: Path) -> Path:
        if library not in self._same:
            whole = hashlib.sha256()
            for path in sorted(library.rglob("*.py")):
                whole.update(f"{path.relative_to(library)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
            kept = self._libraries / whole.hexdigest()[:16]
            if not kept.exists():
                shutil.copytree(library, kept)
            self._same[library] = kept
        return self._same[library]


@contextmanager
def shared(top: Path) -> Iterator[None]:
    """Let every `Worker` of this process share its fork servers and its fonts; `top` is an empty folder."""
    top.chmod(0o755)
    parents = Shared(top)
    find, found = worker.Worker._font_list, []

    def fonts(_: worker.Worker) -> Path:
        if not found:
            found.append(find(worker.Worker(top / "fonts")))
        return found[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "Warm", lambda: parents)
        patch.setattr(worker.Worker, "_font_list", fonts)
        yield
    parents.end()
