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


@pytest.mark.parametrize(
    "line", ["return x", ")", "import numpy.linalg as la", "from long_module import thing", "long_word_alone()"]
)
def test_lines_that_say_nothing_are_not_secrets(line: str) -> None:
    """Short lines, imports and single words would only give false alarms."""
    assert regions.telling([f"    {line}"]) == frozenset()


def test_allowed_lines_are_not_secrets() -> None:
    """The author can allow a line, however it is indented there and here."""
    line = "optimizer.step(closure=lambda: loss)"
    assert regions.telling([f"  {line}"]) == {line}
    assert regions.telling([f"  {line}"], [f"{line}  # as in the lecture"]) == frozenset()


def test_hidden_lines_that_the_cell_shows_are_not_secrets() -> None:
    """A hidden line that the visible part of the same cell has too is no leak; the others are."""
    hidden = ("    for p in (0.1, 0.5):", "    assert secret(p) == 3 * p")
    assert regions.not_shown(hidden, "for p in (0.1, 0.5):\n    pass") == ("    assert secret(p) == 3 * p",)


SECRET = "mask = (rng.random(x.shape) >= p) / (1 - p)"
SECRETS = regions.telling([f"    {SECRET}  # why"])


@pytest.mark.parametrize(
    "planted",
    [
        SECRET,
        f"        {SECRET}",
        f"\t{SECRET.replace(' ', '   ')}",
        f"{SECRET}  # the trick",
        f"if True: {SECRET}",
        f"# {SECRET}",
        f"    # {SECRET}",
        f"pass  # {SECRET}",
        f"Use `{SECRET}` here.",
        f"{SECRET}\r",
    ],
)
def test_the_audit_finds_a_planted_line(planted: str) -> None:
    """A removed line is found indented, spaced, commented out, or inside another line; its file and line are named."""
    leaks = regions.audit(
        {"clean.py": "x = 1", "hw.ipynb[c_text]": f"one\n{planted}\nthree"}, regions.telling([f"    {SECRET}  # why"])
    )
    assert [(leak.file, leak.line) for leak in leaks] == [("hw.ipynb[c_text]", 2)]
    assert str(leaks[0]).startswith("hw.ipynb[c_text]:2: a line of a solution or hidden test: ")


@settings(deadline=None)
@given(st.lists(LINES, max_size=6), LINES, st.integers(0, 6), st.integers(0, 8))
def test_the_audit_finds_any_telling_line_anywhere(text: list[str], secret: str, where: int, indent: int) -> None:
    """A line is a secret or says nothing; if it is one, it is found wherever it is planted."""
    secrets = regions.telling([secret])
    planted = [*text[:where], " " * indent + secret, *text[where:]]
    found = {leak.line for leak in regions.audit({"f": "\n".join(planted)}, secrets)}
    assert not secrets or min(where, len(text)) + 1 in found


@pytest.mark.parametrize("marker", ["### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"])
def test_the_audit_finds_a_marker(marker: str) -> None:
    """A marker that is left in a release is a leak, even an empty one."""
    leaks = regions.audit({"f.py": f"a\n    {marker}"}, ())
    assert [(leak.line, leak.why) for leak in leaks] == [(2, "a marker is left")]


def test_the_audit_is_quiet_about_a_clean_release() -> None:
    """Texts without a secret and without a marker give no leak."""
    assert regions.audit({"f.py": "a = 1\nb = 2"}, regions.telling([SECRET])) == []
