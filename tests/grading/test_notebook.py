"""Any bytes at all either become a notebook in canonical form or a NotebookError that says what is wrong with them."""

from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.utils import compute_checksum

from grading import notebook as nb
from grading.notebook import NotebookError

from .conftest import MINI, cell


def raw(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A notebook file as JSON, format 4.5."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def code(source: Any, **more: Any) -> dict[str, Any]:
    """A code cell as JSON."""
    return {"cell_type": "code", "id": "one", "metadata": {}, "source": source, "outputs": [], "execution_count": None, **more}


def parsed(content: Any) -> nb.Notebook:
    """What `parse` makes of this JSON."""
    return nb.parse(json.dumps(content).encode(), "hw.ipynb")


# ---- what can be read ----


def test_dump_and_parse_are_inverse() -> None:
    """What was written is read back the same, and written again the same to the byte."""
    text = nb.dump(MINI)
    assert nb.parse(text.encode(), "mini") == MINI
    assert nb.dump(nb.parse(text.encode(), "mini")) == text


def test_canonical_form() -> None:
    """Outputs and counts are gone, keys are sorted, lines are a list, and nbformat finds it valid."""
    dirty = raw(code("a\nb", outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}], execution_count=7))
    text = nb.dump(parsed(dirty))
    assert json.loads(text)["cells"][0] == code(["a\n", "b"])
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    nbformat.validate(nbformat.reads(text, as_version=4))


@pytest.mark.parametrize("source", ["a\nb\n", ["a\n", "b\n"], ["a\nb\n"]])
def test_source_as_text_or_lines(source: Any) -> None:
    """A source is one text, however the editor cut it."""
    assert parsed(raw(code(source)))["cells"][0]["source"] == "a\nb\n"


@pytest.mark.parametrize("source", [None, 3, {"a": 1}, [], [1, None]])
def test_a_source_of_the_wrong_type_is_empty(source: Any) -> None:
    """A source that is no text counts as an empty cell; the rest of the notebook is still read."""
    assert [found["source"] for found in parsed(raw(code(source), code("b", id="two")))["cells"]] == ["", "b"]


def test_a_byte_order_mark_is_ignored() -> None:
    """Windows editors write one."""
    assert nb.parse(b"\xef\xbb\xbf" + nb.dump(MINI).encode(), "mini") == MINI


def test_an_old_notebook_is_upgraded() -> None:
    """Format 3 had worksheets and `input`."""
    old = {
        "metadata": {"name": "old"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": [{"cell_type": "code", "language": "python", "input": ["1 + 1"], "outputs": []}]}],
    }
    found = parsed(old)["cells"]
    assert [(c["cell_type"], c["source"]) for c in found] == [("code", "1 + 1")]


def test_format_4_without_ids_gets_some() -> None:
    """Editors before format 4.5 wrote no cell ids; every cell has one afterwards."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": str(number)} for number in range(3)]
    found = parsed({**raw(*cells), "nbformat_minor": 2})["cells"]
    assert len({c["id"] for c in found}) == 3


@pytest.mark.parametrize("broken", [None, 3, "text", [], {}, {"cell_type": "heading"}, {"cell_type": ["code"]}])
def test_a_cell_that_is_none_is_dropped(broken: Any) -> None:
    """Something else in the list of cells costs itself, or the file is refused; the cells around it never change."""
    try:
        found = parsed(raw(code("a"), broken, code("b", id="two")))
    except NotebookError:
        return
    assert [c["source"] for c in found["cells"]] == ["a", "b"]


def test_half_characters_are_replaced() -> None:
    """Half of an emoji, which JSON can spell and UTF-8 cannot, must not break whoever writes the notebook later."""
    data = rb'{"cells": [{"cell_type": "code", "id": "\uD83D", "metadata": {"nbgrader": {"grade_id": "\ud800", "solution": true}},'
    data += rb'"outputs": [], "execution_count": null, "source": ["# \ud83d and \ud83d\ude00"]}], "metadata": {},'
    data += rb'"nbformat": 4, "nbformat_minor": 5}'
    found = nb.parse(data, "hw.ipynb")
    nb.dump(found).encode()
    assert found["cells"][0]["source"] == "# ? and 😀"
    assert nb.grade_id(found["cells"][0]) == "?"


# ---- what cannot ----


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b'{"cells": [', "JSON"),
        (b"\x89PNG\r\n\x1a\n\x00", "JSON"),
        (b"<!DOCTYPE html><html></html>", "JSON"),
        (b"\xff\xfe{\x00}\x00", "JSON"),
        (b'{"cells": [], "cells": ' + b"9" * 5_000 + b"}", "JSON"),
        (b"[" * 200_000, "JSON"),
        (b'{"a":' * 200_000, "JSON"),
        (b"[1, 2]", "JSON without one (list)"),
        (b"null", "JSON without one (NoneType)"),
        (b'{"a": 1}', "JSON without one (dict)"),
        (b'{"cells": {"a": 1}}', "JSON without one (dict)"),
        (b'{"worksheets": 3}', "JSON without one (dict)"),
        (b'{"cells": [], "nbformat": 99, "nbformat_minor": 0, "metadata": {}}', "format 99, newer than the 4"),
        (b'{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "it holds no cells"),
        (b'{"cells": [], "nbformat": "4", "nbformat_minor": 0, "metadata": {}}', "a Jupyter notebook"),
    ],
)
def test_what_is_no_notebook_is_refused(data: bytes, said: str) -> None:
    """The message names the file, what was expected, and what to do."""
    with pytest.raises(NotebookError) as caught:
        nb.parse(data, "hw.ipynb")
    message = str(caught.value)
    assert message.startswith("hw.ipynb is not a notebook that can be read\n  expected: ")
    assert said in message
    assert "fix:" in message
    assert len(message) < 600


def test_too_many_cells() -> None:
    """A notebook of a million cells is refused before anybody works on it, in the old format as well."""
    cells = [code("x", id=f"c{number}") for number in range(nb.MOST_CELLS + 1)]
    with pytest.raises(NotebookError, match="at most 5000 cells"):
        parsed(raw(*cells))
    assert len(parsed(raw(*cells[:-1]))["cells"]) == nb.MOST_CELLS
    old = {"cell_type": "code", "language": "python", "input": "x", "outputs": []}
    with pytest.raises(NotebookError, match="at most 5000 cells"):
        parsed({"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [old] * (nb.MOST_CELLS + 1)}]})


def test_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is not even parsed."""
    monkeypatch.setattr(nb, "LARGEST_BYTES", 1_000)
    with pytest.raises(NotebookError, match="clear its outputs"):
        nb.parse(b"{" + b" " * 1_000, "hw.ipynb")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) below a JSON value."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [place for key in keys for place in ((node, key), *places(node[key]))]


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_only_notebook_errors_come_out(data: st.DataObject) -> None:
    """Drop keys, change types, cut the file anywhere: it is read in canonical form or refused, and nothing else happens."""
    content = copy.deepcopy(json.loads(nb.dump(MINI)))
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places(content) or [({"": 0}, "")]))
        if data.draw(st.booleans()):
            container[key] = data.draw(JSON)
        elif isinstance(container, dict):
            del container[key]
        else:
            container.pop(key)
    text = json.dumps(content)
    cut = data.draw(st.sampled_from([len(text), len(text), len(text) - 1, len(text) // 2]))
    try:
        found = nb.parse(text[:cut].encode("utf-8", "surrogatepass"), "hw.ipynb")
    except NotebookError as error:
        str(error).encode()
        return
    written = nb.dump(found).encode()
    assert nb.dump(nb.parse(written, "again")).encode() == written
    for one in found["cells"]:
        nb.grade_id(one), nb.is_known(one), nb.is_locked(one), nb.is_test(one), nb.is_by_hand(one)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    """Random bytes are refused politely."""
    with pytest.raises(NotebookError):
        nb.parse(data, "hw.ipynb")


# ---- predicates and checksum ----


@pytest.mark.parametrize(
    ("kind", "flags", "expected"),
    [
        ("code", {"grade": True, "locked": True}, {"known", "grade", "locked", "test"}),
        ("code", {"grade": True}, {"known", "grade", "locked", "test"}),
        ("code", {"solution": True}, {"known", "solution"}),
        ("code", {"solution": True, "grade": True}, {"known", "grade", "solution", "by hand"}),
        ("markdown", {"solution": True, "grade": True}, {"known", "grade", "solution", "by hand"}),
        ("code", {"locked": True}, {"known", "locked"}),
        ("code", {"locked": False}, set()),
        ("code", {}, set()),
    ],
)
def test_predicates(kind: str, flags: dict[str, bool], expected: set[str]) -> None:
    """What a cell is, by nbgrader's three flags and its type."""
    one = cell(kind, "a_b", "", **flags)
    found = {
        "known": nb.is_known(one),
        "grade": nb.is_grade(one),
        "solution": nb.is_solution(one),
        "locked": nb.is_locked(one),
        "test": nb.is_test(one),
        "by hand": nb.is_by_hand(one),
    }
    assert {name for name, true in found.items() if true} == expected
    assert nb.grade_id(one) == ("a_b" if expected else "")


def test_parts() -> None:
    """A part is what was noted on the cell; without a note, what stands before the first underscore."""
    cells = [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name, "solution": True}}} for name in ("a_x_test", "b")]
    assert [nb.part(cell) for cell in cells] == ["a", "b"]
    assert nb.part({**cells[0], "part": "Means"}) == "Means"


@settings(deadline=None)
@given(
    source=st.text(st.characters(blacklist_categories=["Cs"])),
    kind=st.sampled_from(["code", "markdown"]),
    flags=st.fixed_dictionaries({"grade": st.booleans(), "solution": st.booleans(), "locked": st.booleans()}),
    points=st.integers(0, 100) | st.floats(0, 100),
)
def test_checksum_is_nbgraders(source: str, kind: str, flags: dict[str, bool], points: float) -> None:
    """Stock tools compute the same checksum, so they see which cells were answered."""
    one = cell(kind, "a_b", source, **{**flags, "points": points})
    if nb.is_known(one):
        assert nb.checksum(one) == compute_checksum(nbformat.from_dict(one))
