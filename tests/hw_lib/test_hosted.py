"""On Colab and Kaggle: records outlive the machine, and the notebook, which is no file there, becomes one to hand in."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hw_lib import hosted, notebook, results


class Colab(ModuleType):
    """As much of Colab's module as is used: a browser that takes files, a page that knows its notebook."""

    def __init__(self, page: dict[str, Any] | None) -> None:
        """A page with this notebook; None for one that does not answer."""
        super().__init__("google.colab")
        self.downloaded: list[str] = []
        self.files = SimpleNamespace(download=lambda path: self.downloaded.append(Path(path).name))
        self._page = page
        self._message = SimpleNamespace(blocking_request=self._answer)

    def _answer(self, request_type: str, request: str = "", timeout_sec: float = 5) -> dict[str, Any] | None:
        assert (request_type, request) == ("get_ipynb", "")
        return None if self._page is None else {"ipynb": self._page}


CELL = {
    "cell_type": "code",
    "metadata": {"id": "x", "outputId": "y", "nbgrader": {"grade_id": "a_answer", "solution": True, "grade": False}},
    "source": ["answer = 42"],
}
PAGE = {
    "cells": [CELL],
    "metadata": {"colab": {"provenance": []}, "hw_lib": {"assignment": "tiny"}},
    "nbformat": 4,
    "nbformat_minor": 0,
}


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty /content, in which Colab starts a notebook."""
    (tmp_path / "content").mkdir()
    monkeypatch.chdir(tmp_path / "content")
    monkeypatch.setattr(hosted, "_DRIVE", tmp_path / "content" / "drive" / "MyDrive")
    monkeypatch.setattr(hosted, "_KAGGLE", tmp_path / "kaggle" / "working")
    return tmp_path / "content"


@pytest.fixture
def colab(content: Path, monkeypatch: pytest.MonkeyPatch) -> Colab:
    """A kernel of Colab's."""
    module = Colab(PAGE)
    monkeypatch.setitem(sys.modules, "google.colab", module)
    return module


def test_a_long_record_is_downloaded(content: Path, colab: Colab, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """At the end of the cell that made it, with the way to have it in Drive instead; a short one is left alone."""
    recorder = results.Recorder("tiny")
    assert recorder.measure("short", lambda: 1) == 1 and colab.downloaded == []
    monkeypatch.setattr(results, "_LONG_S", -1.0)
    assert recorder.measure("long", lambda: 2) == 2
    assert colab.downloaded == ["tiny.results.json"] and "drive.mount" in capsys.readouterr().out


def test_a_record_in_drive_is_found_on_another_day(
    content: Path, colab: Colab, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The machine is gone, the record is not, and nothing is measured again."""
    (content / "drive" / "MyDrive").mkdir(parents=True)
    monkeypatch.setattr(results, "_LONG_S", -1.0)
    results.Recorder("tiny").measure("long", lambda: 2)
    assert "is kept in your Drive" in capsys.readouterr().out and colab.downloaded == []
    (content / "tiny.results.json").unlink()
    assert results.Recorder("tiny").measure("long", lambda: pytest.fail("measured again")) == 2
    assert "was found in your Drive" in capsys.readouterr().out


def test_elsewhere_nothing_happens(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Colab nothing is copied or said; on Kaggle it is said how to keep the file."""
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    path = content / "tiny.results.json"
    assert (hosted.keep(path), hosted.fetch(path), hosted.download(path), hosted.notebook("tiny")) == ("", "", False, None)
    hosted._KAGGLE.mkdir(parents=True)
    assert "Save Version" in hosted.keep(path)


@pytest.fixture
def shell(colab: Colab) -> Iterator[InteractiveShell]:
    """A kernel that reads along."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_the_file_to_hand_in_from_colab(shell: InteractiveShell, content: Path, colab: Colab, capsys: Any) -> None:
    """The last cell asks the page for the notebook, packs it and offers the zip to the browser."""
    notebook.start("tiny")
    notebook.hand_in()
    assert colab.downloaded == ["tiny-handin.zip"] and "Upload this one file" in capsys.readouterr().out
    with zipfile.ZipFile(content / "tiny-handin.zip") as packed:
        assert json.loads(packed.read("tiny.ipynb")) == PAGE


def test_a_page_that_does_not_answer(shell: InteractiveShell, content: Path, colab: Colab, capsys: Any) -> None:
    """Then the student is told what to hand in, as before."""
    colab._page = None
    notebook.start("tiny")
    notebook.hand_in()
    assert "Hand in this notebook" in capsys.readouterr().out and not list(content.glob("*.zip"))
