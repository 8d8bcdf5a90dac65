"""The audit of a hand-out finds any removed line anywhere, and no false alarm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.release import audit
from tests.grading.test_regions import LINES


@pytest.mark.parametrize(
    "line", ["return x", ")", "import numpy.linalg as la", "from long_module import thing", "long_word_alone()"]
)
def test_lines_that_say_nothing_are_not_secrets(line: str) -> None:
    """Short lines, imports and single words would only give false alarms."""
    assert audit.secret_lines([f"    {line}"]) == frozenset()


def test_allowed_lines_are_not_secrets() -> None:
    """The author can allow a line, however it is indented there and here."""
    line = "optimizer.step(closure=lambda: loss)"
    assert audit.secret_lines([f"  {line}"]) == {line}
    assert audit.secret_lines([f"  {line}"], [f"{line}  # as in the lecture"]) == frozenset()


SECRET = "mask = (rng.random(x.shape) >= p) / (1 - p)"
SECRETS = audit.secret_lines([f"    {SECRET}  # why"])


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
    leaks = audit.find_leaks(
        {"clean.py": "x = 1", "hw.ipynb[c_text]": f"one\n{planted}\nthree"}, audit.secret_lines([f"    {SECRET}  # why"])
    )
    assert [(leak.file, leak.line) for leak in leaks] == [("hw.ipynb[c_text]", 2)]
    assert str(leaks[0]).startswith("hw.ipynb[c_text]:2: a line of a solution or hidden test: ")


@settings(deadline=None)
@given(st.lists(LINES, max_size=6), LINES, st.integers(0, 6), st.integers(0, 8))
def test_the_audit_finds_any_telling_line_anywhere(text: list[str], secret: str, where: int, indent: int) -> None:
    """A line is a secret or says nothing; if it is one, it is found wherever it is planted."""
    secrets = audit.secret_lines([secret])
    planted = [*text[:where], " " * indent + secret, *text[where:]]
    found = {leak.line for leak in audit.find_leaks({"f": "\n".join(planted)}, secrets)}
    assert not secrets or min(where, len(text)) + 1 in found


@pytest.mark.parametrize("marker", ["### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"])
def test_the_audit_finds_a_marker(marker: str) -> None:
    """A marker that is left in a release is a leak, even an empty one."""
    leaks = audit.find_leaks({"f.py": f"a\n    {marker}"}, ())
    assert [(leak.line, leak.why) for leak in leaks] == [(2, "a marker is left")]


def test_the_audit_is_quiet_about_a_clean_release() -> None:
    """Texts without a secret and without a marker give no leak."""
    assert audit.find_leaks({"f.py": "a = 1\nb = 2"}, audit.secret_lines([SECRET])) == []
