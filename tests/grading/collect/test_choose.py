"""Which files of one student are kept: records and weights in other folders, other assignments' notebooks, other kinds of files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.grading.collect.test_collect import ASSIGNMENT, NB, collected, copy_of, fill, gather

RECORD = f"{NB}.results.json"


@pytest.mark.parametrize(
    ("notebook", "record"),
    [("hw/", ""), ("a/", "b/"), ("", "sub/"), ("a/b/", "a/c/d/"), ("hw_final/", "hw/deep/")],
)
def test_a_record_in_another_folder(tmp_path: Path, notebook: str, record: str) -> None:
    """The record of the notebook is found wherever in the submission it lies, and so are trained weights; a note says it."""
    files: dict[str, bytes | str] = {f"anna/{notebook}{NB}.ipynb": "x", f"anna/{record}{RECORD}": "mine"}
    one = gather(fill(tmp_path / "c", {**files, f"anna/{record}{NB}.weights.pt": "w"}), tmp_path)["anna"]
    assert one.files == (RECORD, f"{NB}.weights.pt") and copy_of(tmp_path, one, RECORD) == "mine"
    assert one.notes == (
        f"{record}{RECORD} was taken, though it lies in another folder than the notebook.",
        f"{record}{NB}.weights.pt was taken, though it lies in another folder than the notebook.",
    )


def test_the_nearest_record(tmp_path: Path) -> None:
    """Of several the one nearest to the notebook is its own, and a note names it; one beside it needs no other."""
    files: dict[str, bytes | str] = {
        "anna/a/b/old/": "",
        f"anna/a/b/{NB}.ipynb": "x",
        f"anna/a/{RECORD}": "near",
        f"anna/{RECORD}": "far",
    }
    one = gather(fill(tmp_path / "c", files), tmp_path)["anna"]
    assert copy_of(tmp_path, one, RECORD) == "near"
    why = f"because it is nearest to the notebook; left out: {RECORD}"
    assert one.notes == (f"2 files are called {RECORD}; a/{RECORD} was taken, {why}.",)
    fill(tmp_path / "c", {f"anna/a/b/{RECORD}": "beside"})
    one = gather(tmp_path / "c", tmp_path)["anna"]
    left = f"a/{RECORD}, {RECORD}"
    assert copy_of(tmp_path, one, RECORD) == "beside"
    assert one.notes == (f"Left out, because they lie outside of the folder of the notebook: {left}.",)


def test_weights_of_two_notebooks_in_two_folders(tmp_path: Path) -> None:
    """Each notebook's weights and record come from beside it."""
    files: dict[str, bytes | str] = {"ben/": ""}
    for name in ("p", "q"):
        files |= {f"anna/{name}/{name}{end}": name for end in (".ipynb", ".weights.pt", ".results.json")}
    one = gather(fill(tmp_path / "c", files), tmp_path, replace(ASSIGNMENT, notebooks=("p", "q")))["anna"]
    assert one.files == ("p.results.json", "p.weights.pt", "q.results.json", "q.weights.pt") and one.notes == ()


def test_a_notebook_of_another_assignment(tmp_path: Path) -> None:
    """In a homework of several assignments it is neither taken for a missing one of ours nor noted; a strange name still is."""
    files: dict[str, bytes | str] = {
        f"all/{NB}.ipynb": "x",
        "all/EdgeDetection.ipynb": "e",
        "edge/EdgeDetection.ipynb": "e",
        "edge/sub/edgedetection.ipynb": "e",
        "odd/EdgeDetection.ipynb": "e",
        "odd/Untitled.ipynb": "mine",
    }
    source = fill(tmp_path / "c", files)
    found = {one.student: one for one in collected(source, tmp_path, others=("EdgeDetection", NB)).submissions}
    assert found["all"].notebooks and found["all"].notes == ()
    assert found["edge"].notebooks == {} and found["edge"].notes == ()
    assert copy_of(tmp_path, found["odd"]) == "mine"


def test_one_submission_without_this_assignment(tmp_path: Path) -> None:
    """A folder that holds another assignment's notebook only is one submission, not a student of that notebook's name."""
    source = fill(tmp_path / "anna", {"EdgeDetection.ipynb": "e"})
    found = collected(source, tmp_path, others=("EdgeDetection",))
    assert [(one.student, one.notebooks) for one in found.submissions] == [("anna", {})]


def test_a_script_instead_of_the_notebook(tmp_path: Path) -> None:
    """Who hands in a script or a page where a notebook should be is told what came; who hands in nothing needs no note."""
    files: dict[str, bytes | str] = {
        f"anna/{NB}.py": "x = 1",
        "ben/expected.json": "",
        "cleo/": "",
        "dan/p.ipynb": "",
        "dan/q.py": "",
    }
    found = gather(fill(tmp_path / "c", files), tmp_path, replace(ASSIGNMENT, notebooks=(NB,)))
    assert found["anna"].notes == (f"No notebook was handed in; what came: {NB}.py.",) and found["anna"].notebooks == {}
    assert found["ben"].notes == found["cleo"].notes == ()
    several = gather(tmp_path / "c", tmp_path, replace(ASSIGNMENT, notebooks=("p", "q")))
    assert several["dan"].notes == ("q.ipynb was not handed in; what came: q.py.",)
