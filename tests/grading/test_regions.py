"""Solution regions come out whole, and the audit finds whatever is left of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import regions
from grading.regions import HIDDEN_TESTS, SOLUTION, StripError, strip_regions

KINDS = st.sampled_from([SOLUTION, HIDDEN_TESTS])
# any text on one line that is no marker by accident
LINES = st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]), max_size=30).filter(
    lambda line: not any(word in line for word in ("BEGIN", "END"))
)
# a text as runs of lines that stay and regions of lines that go
PIECES = st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.lists(LINES, max_size=4)), max_size=8)


def built(pieces: list[tuple[bool, int, list[str]]], kind: str) -> tuple[str, list[str], list[str]]:
    """A text, the lines of it that stay, and the lines that go; every line is different from every other."""
    lines: list[str] = []
    stay: list[str] = []
    go: list[str] = []
    for number, (region, indent, content) in enumerate(pieces):
        named = [f"{'gone' if region else 'kept'} {number} {count} {line}" for count, line in enumerate(content)]
        if region:
            lines += [" " * indent + f"### BEGIN {kind}", *named, " " * indent + f"### END {kind}"]
            go += named
        else:
            lines += named
            stay += named
    return "\n".join(lines), stay, go


@settings(deadline=None)
@given(PIECES, KINDS)
def test_no_removed_line_survives(pieces: list[tuple[bool, int, list[str]]], kind: str) -> None:
    """Whatever stands in regions goes, whatever stands outside stays, both in order."""
    text, stay, go = built(pieces, kind)
    made = strip_regions(text, kind)
    assert list(made.removed) == go
    assert made.text == "\n".join(stay)
    assert made.regions == sum(region for region, _, _ in pieces)


@settings(deadline=None)
@given(PIECES, KINDS)
def test_a_stub_stands_for_every_region(pieces: list[tuple[bool, int, list[str]]], kind: str) -> None:
    """Each region becomes one stub, indented as its first marker is."""
    text, _, _ = built(pieces, kind)
    made = strip_regions(text, kind, ("STUB", "STUB again"))
    stubs = [line for line in made.text.split("\n") if "STUB" in line]
    wanted = [" " * indent + stub for region, indent, _ in pieces if region for stub in ("STUB", "STUB again")]
    assert stubs == wanted


@settings(deadline=None)
@given(st.text(st.characters(blacklist_categories=["Cs"])).filter(lambda text: "BEGIN" not in text and "END" not in text), KINDS)
def test_unmarked_text_is_unchanged(text: str, kind: str) -> None:
    """A text without markers comes back to the character."""
    assert strip_regions(text, kind, ("STUB",)) == regions.Stripped(text, (), 0)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", 3, "a second BEGIN after line 2"),
        ("a\nb\n### BEGIN SOLUTION\nc", 3, "a BEGIN that is never closed"),
        ("a\n### END SOLUTION\n### BEGIN SOLUTION", 2, "an END without a BEGIN"),
        ("### BEGIN SOLUTION\n### END SOLUTION\n\n### END SOLUTION", 4, "an END without a BEGIN"),
    ],
)
def test_unpaired_markers_are_refused(text: str, line: int, said: str) -> None:
    """Nested, unclosed and END-first markers raise, with the file and the line."""
    with pytest.raises(StripError, match=rf"hw\.py, line {line}: the solution markers do not pair up") as caught:
        strip_regions(text, SOLUTION, (), "hw.py")
    assert said in str(caught.value)


def test_regions_of_the_other_kind_are_left_alone() -> None:
    """Taking out solutions does not touch hidden tests, and the other way round."""
    text = "### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS"
    assert strip_regions(text, SOLUTION).text == text
    assert strip_regions(text, HIDDEN_TESTS).text == ""


def test_windows_line_ends_are_understood() -> None:
    """A file saved on Windows is stripped like any other."""
    made = strip_regions("a\r\n### BEGIN SOLUTION\r\nsecret\r\n### END SOLUTION\r\nb", SOLUTION)
    assert made.text == "a\r\nb"
    assert made.removed == ("secret\r",)


def test_a_stripped_module_names_the_notebooks() -> None:
    """The stub of a module raises, and says where the exercise is."""
    text = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    made = regions.strip_module(text, "f.py", "hw1.ipynb or hw2.ipynb")
    space: dict[str, object] = {}
    exec(made.text, space)
    with pytest.raises(NotImplementedError, match=r"hw1\.ipynb or hw2\.ipynb"):
        space["f"]()  # type: ignore[operator]


def test_hidden_lines_that_the_cell_shows_are_not_secrets() -> None:
    """A hidden line that the visible part of the same cell has too is no leak; the others are."""
    hidden = ("    for p in (0.1, 0.5):", "    assert secret(p) == 3 * p")
    assert regions.not_shown(hidden, "for p in (0.1, 0.5):\n    pass") == ("    assert secret(p) == 3 * p",)


@pytest.mark.parametrize(
    "visible",
    [
        "# assert secret(p) == 3 * p",
        "x = 1  # assert secret(p) == 3 * p",
        '"""\nassert secret(p) == 3 * p\n"""',
        'hint = "assert secret(p) == 3 * p"',
    ],
)
def test_a_hidden_line_that_a_comment_or_a_text_shows_stays_a_secret(visible: str) -> None:
    """Only what the visible part runs is known anyway."""
    hidden = ("    assert secret(p) == 3 * p",)
    assert regions.not_shown(hidden, visible) == hidden
    assert regions.not_shown(hidden, f"{visible}\nprint(p)\nassert secret(p) == 3 * p  # again") == ()


def test_each_region_says_where_it_stands() -> None:
    """The first line of every region is counted in the whole text."""
    made = strip_regions("a\n### BEGIN SOLUTION\nb\nc\n### END SOLUTION\nd\n### BEGIN SOLUTION\n### END SOLUTION", SOLUTION)
    assert made.blocks == ((3, ("b", "c")), (8, ()))
