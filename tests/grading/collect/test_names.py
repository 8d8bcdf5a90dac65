"""A student's name stays the student's, whoever joins the class later: points given by hand lie under it."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from grading.collect import names
from grading.collect.names import NamesError
from tests.grading.collect.test_collect import NB, copy_of, fill, gather


@pytest.mark.parametrize(("first", "newcomer", "name"), [("O'Brien", "O_Brien", "O_Brien-2"), ("alice", "Alice", "Alice-2")])
def test_a_newcomer_takes_nobodys_name(tmp_path: Path, first: str, newcomer: str, name: str) -> None:
    """Who was there first keeps the name when somebody joins whose name is the same on disk."""
    source = fill(tmp_path / "c", {f"{first}/{NB}.ipynb": "first"})
    (was,) = gather(source, tmp_path)
    fill(source, {f"{newcomer}/{NB}.ipynb": "newcomer"})
    found = gather(source, tmp_path)
    assert set(found) == {was, name} and copy_of(tmp_path, found[was]) == "first"


def test_a_name_is_kept_for_who_left(tmp_path: Path) -> None:
    """A student who is gone may come back, and the gradebook still has the points: the name is given to nobody else."""
    assert list(gather(fill(tmp_path / "1", {f"O'Brien/{NB}.ipynb": "1"}), tmp_path)) == ["O_Brien"]
    assert list(gather(fill(tmp_path / "2", {f"O_Brien/{NB}.ipynb": "2"}), tmp_path)) == ["O_Brien-2"]
    assert list(gather(tmp_path / "1", tmp_path)) == ["O_Brien"]


def test_one_student_in_both_spellings(tmp_path: Path) -> None:
    """A letter with its accent as one character or as two is the same name; a name no record can spell is remembered too."""
    path = tmp_path / "names.json"
    assert names.names(path, ["Anna Mu\u0308ller", "bad\udcff"]) == {
        "Anna Müller": "Anna Müller",
        "bad\udcff": "bad_",
    }
    assert names.names(path, ["Anna Müller", "bad_"]) == {"Anna Müller": "Anna Müller", "bad_": "bad_-2"}


def test_a_damaged_list_stops_the_collection(tmp_path: Path) -> None:
    """Names are not given anew without a word: that could move points from one student to another."""
    (tmp_path / "names.json").write_text('{"a": ')
    with pytest.raises(NamesError, match="fix:"):
        names.names(tmp_path / "names.json", ["a"])
    (tmp_path / "names.json").write_text(json.dumps({"a": "x", "b": "X"}))
    with pytest.raises(NamesError, match="two students with one name"):
        names.names(tmp_path / "names.json", ["a"])


def test_collections_at_the_same_time(tmp_path: Path) -> None:
    """Of several collections one at a time gives names: none forgets what another gave."""
    students = [[f"s{number}", f"a{char}b"] for number, char in enumerate("&_'" * 3)]
    threads = [threading.Thread(target=names.names, args=(tmp_path / "names.json", each)) for each in students]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = json.loads((tmp_path / "names.json").read_text())
    assert len(given) == 12 and len({name.casefold() for name in given.values()}) == 12
