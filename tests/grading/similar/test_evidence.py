"""Records and weights that two students share are found; the same values alone are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grading.records import Submission
from grading.resemblance import SameEvidence
from grading.similar.evidence import same_evidence
from grading.workspace import Workspace


def handed_in(work: Workspace, student: str, **files: bytes) -> Submission:
    """A student with files; a double underscore stands for a dot."""
    folder = work.submission(student)
    folder.mkdir(parents=True)
    names = {name: name.replace("__", ".") for name in files}
    for name, data in files.items():
        (folder / names[name]).write_bytes(data)
    return Submission(work.assignment, student, {}, tuple(names.values()))


def records(**seconds: Any) -> bytes:
    """A file of records that took so long; all measured the same."""
    return json.dumps(
        {name: {"name": name, "value": [1.0], "seconds": took, "sha256": name} for name, took in seconds.items()}
    ).encode()


def test_two_records_to_the_millisecond_are_named(tmp_path: Path) -> None:
    """Who shares which records, in one line for each circle; a changed digest or machine does not hide it."""
    work = Workspace(tmp_path, "q")
    one, other = records(a=3.204, b=11.871), json.loads(records(a=3.204, b=11.871))
    other["a"] |= {"sha256": "mine", "environment": {"python": "3.12"}}
    class_ = [
        handed_in(work, "anna", q__results__json=one),
        handed_in(work, "ben", q__results__json=json.dumps(other).encode()),
        handed_in(work, "carl", q__results__json=records(a=3.205, b=11.871)),
    ]
    assert same_evidence(class_, work) == [
        SameEvidence("q.results.json", ("b",), ("anna", "ben", "carl")),
        SameEvidence("q.results.json", ("a",), ("anna", "ben")),
    ]


def test_the_same_values_say_nothing(tmp_path: Path) -> None:
    """Two machines of one kind compute the same, in another time; one record of an instant is the same by chance."""
    work = Workspace(tmp_path, "q")
    class_ = [
        handed_in(work, "anna", q__results__json=records(a=3.204, b=11.871)),
        handed_in(work, "ben", q__results__json=records(a=3.301, b=12.003)),
        handed_in(work, "carl", p__results__json=records(a=0.012)),
        handed_in(work, "dora", p__results__json=records(a=0.012)),
    ]
    assert same_evidence(class_, work) == []


def test_weights_byte_for_byte(tmp_path: Path) -> None:
    """The same file of weights is named; an empty one is not."""
    work = Workspace(tmp_path, "q")
    class_ = [
        handed_in(work, "anna", q__weights__pt=b"PK weights", r__pt=b""),
        handed_in(work, "ben", q__weights__pt=b"PK weights", r__pt=b""),
        handed_in(work, "carl", q__weights__pt=b"PK others"),
    ]
    assert same_evidence(class_, work) == [SameEvidence("q.weights.pt", (), ("anna", "ben"))]


def test_no_file_raises(tmp_path: Path) -> None:
    """What is no JSON, or JSON of another kind, holds no records."""
    work = Workspace(tmp_path, "q")
    odd = [b"", b"\xff", b"[1]", b'{"a": 1}', b'{"a": {"seconds": true}}', b'{"a": {"seconds": 1e999}}', b"[" * 100_000]
    odd.append(b'{"a": {"seconds": 1' + b"0" * 400 + b"}}")
    class_ = [handed_in(work, f"{n}{k}", q__results__json=data) for n, data in enumerate(odd) for k in "xy"]
    assert [same.students for same in same_evidence(class_, work)] == [("5x", "5y"), ("7x", "7y")]


def test_a_students_own_copies_are_no_circle(tmp_path: Path) -> None:
    """One student who handed a file in twice, in a folder too, shares it with nobody."""
    work = Workspace(tmp_path, "q")
    folder = work.submission("anna") / "again"
    folder.mkdir(parents=True)
    for place in (folder, folder.parent):
        (place / "q.results.json").write_bytes(records(a=3.204, b=11.871))
        (place / "q.weights.pt").write_bytes(b"PK weights")
    names = ("q.results.json", "again/q.results.json", "q.weights.pt", "again/q.weights.pt")
    assert same_evidence([Submission("q", "anna", {}, names)], work) == []
