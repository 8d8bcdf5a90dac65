"""Answers are written by strangers: whatever is in them, a page shows words, formulas and pasted pictures, and nothing runs."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import shown
from grading.mark.compare import compared

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)><style>@import url(//evil)</style>",
    "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,<script>alert(1)</script>) [d](vbscript:x)",
    "![p](http://evil/x.png) ![q](//evil/x.png) ![r](attachment:there.png) ![s](data:image/svg+xml;base64,PHN2Zz4=)",
    r"$\text{<script>alert(1)</script>}$ $\text{&lt;img src=x onerror=alert(1)&gt;}$ $\href{javascript:alert(1)}{x}$",
    r"$$\begin{matrix}</mtd></math><script>alert(1)</script>\end{matrix}$$ $\style{color:red}{x}$ $\unicode{x3c}script$",
    "```html\n<script>alert(1)</script>\n```",
    "```mermaid\n</pre><img src=x onerror=alert(1)>\n```",
    "<iframe src=/mark></iframe><form action=/mark/name method=post><input name=name value=evil></form><base href=//evil>",
    "<details open ontoggle=alert(1)><summary>x</summary></details><a href=x style=position:fixed>over</a>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<!-- --><!DOCTYPE html><html><body onload=alert(1)>",
    "\x1b]0;title\x07\x00\u202etxet\u2028<b onmouseover=alert(1)>",
    "`<img src=x onerror=alert(1)>` ~~<b>~~ | <i> | <u> |\n|---|---|\n| <a href='javascript:1'> | x |",
    "[1]: javascript:alert(1)\n[x][1] <https://ok.example/?q=<script>> <javascript:alert(1)>",
]
KNOWN = {"href", "src", "alt", "align", "start", "class", "display", "rel", "target"}


class Seen(HTMLParser):
    """Every element and attribute of a page, and its words."""

    def __init__(self) -> None:
        """Begin with an empty page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Words."""
        self.words += data


def seen(html: str) -> Seen:
    """What a browser would find in it."""
    reader = Seen()
    reader.feed(html)
    reader.close()
    return reader


def harmless(html: str) -> Seen:
    """No element that does anything, no attribute that could, no address but a web page's or a pasted picture's."""
    found = seen(html)
    for tag, attributes in found.tags:
        assert tag in shown.ALLOWED
        assert not any(name.startswith("on") or name in ("style", "id", "srcdoc", "action") for name in attributes)
        assert (attributes.get("href") or "https://").startswith(("https://", "http://"))
        assert (attributes.get("src") or "pasted/0") == "pasted/0"
        assert {*attributes} <= KNOWN or tag in shown.MATH
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_answers_do_nothing(text: str) -> None:
    """Not one element or attribute that does anything."""
    harmless(shown.markdown(text, {"there.png": "pasted/0"}))


def test_what_was_taken_for_a_tag_is_read_as_words() -> None:
    """A reader sees what the student wrote."""
    for text in HOSTILE[:3]:
        assert seen(shown.markdown(text)).words.strip() == text


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*HOSTILE, "$x$", "**b**", "\n\n", "> ", "- ", "<", "&lt;", "`", "$", "\\", "|", "]("]), max_size=8)
)
def test_no_mixture_of_them_does(pieces: list[str]) -> None:
    """Pieces of attacks and of Markdown in any order."""
    harmless(shown.markdown("".join(pieces), {"there.png": "pasted/0"}))


def test_what_students_write_is_set() -> None:
    """Emphasis, lists, tables, code and formulas look as in the notebook."""
    html = shown.markdown(
        "**Bold** $x^2$\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = 1 < 2\n```\n\n$$\\frac{a}{b}$$"
    )
    for piece in ("<strong>Bold</strong>", "<msup>", "<li>one", "<td>1</td>", "&lt;", "<mfrac>", 'display="block"'):
        assert piece in html


@pytest.mark.parametrize("forged", ["\ue0000\ue001", "&#xe000;0&#xe001;", "&#57344;7&#57345;"])
def test_nobody_can_ask_for_a_formula_where_no_formula_may_stand(forged: str) -> None:
    """Formulas are put in their places at the end: a place that somebody typed is in no attribute, and shows nothing new."""
    text = rf'$\text{{" onload=alert(1) "}}$ {forged} [a](https://ok.example/{forged}) ![b{forged}](attachment:p) `{forged}`'
    text += f" <{forged}>"
    reader = seen(shown.markdown(text, {"p": "data:image/png;base64,aaaa"}))
    assert {tag for tag, _ in reader.tags} <= shown.ALLOWED and {name for _, named in reader.tags for name in named} <= KNOWN
    assert all("math" not in (value or "") for _, named in reader.tags for value in named.values())


def test_a_formula_in_the_words_of_a_picture_is_read() -> None:
    """As it was typed; and the same formula is set alike wherever it stands."""
    picture = shown.markdown("![the line $w_1 = 2$](attachment:p) and $w_1 = 2$, $w_1 = 2$", {"p": "data:image/png;base64,aaaa"})
    assert 'alt="the line w_1 = 2"' in picture
    one, other = picture.split("<math")[1:]
    assert one.split("</math>")[0] == other.split("</math>")[0]


def test_a_definition_of_a_link_is_words() -> None:
    """Markdown shows nothing where a line says "[a]: b"; a reader must see it."""
    assert "the loss" in seen(shown.markdown("[a]: the loss\n")).words


@pytest.mark.parametrize(
    "mark", ["[", "*", "`", "$", "<", "![", "\\(", "_a", "~~", "|", "a\n-\n", "\\begin{a}", "{", " " * 40 + "x"]
)
def test_long_and_deep_answers_are_shown_as_typed_or_set(mark: str) -> None:
    """Twenty kilobytes of what makes parsers slow: something is shown."""
    html = shown.markdown(mark * (20_000 // len(mark)))
    harmless(html)
    assert len(html) > 100 or mark in ("`", "*", "$")


def test_words_that_changed_are_marked() -> None:
    """What went and what came stands at its place."""
    assert [(piece.text, piece.where) for piece in compared("one two three", "one 2 three")] == [
        ("one ", "both"),
        ("two", "before"),
        ("2", "now"),
        (" three", "both"),
    ]


def test_a_text_that_many_wrote_is_set_as_for_one() -> None:
    """Short texts without pictures are set once; pictures, and what is said where one is missing, are each caller's own."""
    text = "It is $x^2$: ![a](attachment:a.png) and **more**"
    first = shown.markdown(text)
    assert shown.markdown(text) == first == shown._set(text, {}, "picture not handed in")
    assert "nicht da" in shown.markdown(text, missing="nicht da")
    assert 'src="/a"' in shown.markdown(text, {"a.png": "/a"})
    assert shown.markdown(text, {}) == first
