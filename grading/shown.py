"""What strangers wrote -> HTML that does nothing but be read. Students' answers are hostile input.

Two walls: Markdown is rendered with its HTML escaped, and what comes out is written anew from a list of allowed elements and
attributes, so that nothing survives that is not on the list. The page's content security policy, which allows no script in the
page, is the third. What is too long, too deep or too slow to set is shown as it was typed.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Container, Sequence
from html.parser import HTMLParser
from typing import Any

from grading import display, formulas
from grading.pictures import KINDS

MOST_CHARS = 50_000
_SHORT = 4_000  # characters of a text that is set once for everybody who wrote it
_FORMULA_CHARS = 1_500  # the converter is slow and recursive
_FORMULAS = 150
_GAP_CHARS = 80
_GAP = re.compile(rf"[ \t]{{{_GAP_CHARS},}}")
_DEFINITION = re.compile(r"^( {0,3})\[(?=[^\]\n]+\]:)", re.MULTILINE)  # Markdown takes it for a link's address and shows nothing
_OPEN, _CLOSE = "\ue000", "\ue001"  # nobody can type these: `display` leaves no character of the private use area
_PLACE = re.compile(rf"{_OPEN}(\d{{1,3}}){_CLOSE}", re.ASCII)
_DEPTH = 60
_SUSPICIOUS = 2_000  # brackets and marks: Markdown's own rules take the square of their number

_TEXT = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "div", "span"),
}
MATH = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder"),
    *("mover", "munderover", "mmultiscripts", "mtable", "mtr", "mtd", "mpadded", "mphantom", "menclose", "mstyle", "mfenced"),
    *("none", "mprescripts"),
}
ALLOWED = _TEXT | MATH
_EMPTY = {"br", "hr", "img"}
_ATTRIBUTES = {
    "a": ("href",),
    "img": ("src", "alt"),
    "th": ("align",),
    "td": ("align",),
    "ol": ("start",),
    "code": ("class",),
    "span": ("class",),
    "div": ("class",),
    "pre": ("class",),
    "math": ("display",),
}
_LOOKS = (
    "stretchy fence separator accent mathvariant columnalign linethickness width form lspace rspace movablelimits minsize maxsize"
)
_MATH_ATTRIBUTES = (*_LOOKS.split(), "notation")


def markdown(text: str, pictures: dict[str, str] | None = None, missing: str = "picture not handed in") -> str:
    """A text as it is set in the notebook, safe to put into a page.

    Args:
        text: Markdown that anybody wrote.
        pictures: where each pasted picture of that text is fetched from; other pictures are left out.
        missing: what to say where one is.
    """
    kept = not pictures and len(text) <= _SHORT  # a class writes the same words, too, and what stands there before anybody writes
    return _short(text, missing) if kept else _set(text, pictures or {}, missing)


@functools.lru_cache(maxsize=512)
def _short(text: str, missing: str) -> str:
    return _set(text, {}, missing)


def _set(text: str, pictures: dict[str, str], missing: str) -> str:
    cleaned = _clean(text)
    if not _bearable(cleaned):
        return plain(text)
    renderer = _Careful(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    renderer.pictures, renderer.missing = pictures, missing
    try:
        rendered = formulas.markdown(cleaned, renderer)
        return _written_anew(rendered, set(pictures.values()), renderer.set)
    except Exception:  # whatever a parser trips over, the answer has to be read
        return plain(text)


def plain(text: str) -> str:
    """A text as it was typed."""
    return f'<pre class="plain">{html.escape(display.block(text, chars=MOST_CHARS, lines=5_000))}</pre>'


def outputs(cell: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a cell printed and drew: ("text", words, ""), or an image's type, its base64 and what it says in words."""
    found = []
    for output in cell.get("outputs", ()):
        data = output.get("data") or {}
        picture = next((kind for kind in KINDS if kind in data), "")
        if picture:
            found.append((picture, "".join(data[picture]), _alternative(output, picture)))
        elif output.get("output_type") == "error":
            found.append(("text", display.block("\n".join(map(str, output.get("traceback", ()))), chars=4_000, lines=60), ""))
        elif said := "".join(output.get("text") or data.get("text/plain") or ""):
            found.append(("text", display.block(said, chars=4_000, lines=60), ""))
    return found


def _alternative(output: dict[str, Any], kind: str) -> str:
    of_kind = (output.get("metadata") or {}).get(kind)
    said = of_kind.get("alt") if isinstance(of_kind, dict) else None
    return display.line(said, chars=600) if isinstance(said, str) else ""


class _Careful(formulas.Renderer):
    """Pictures only where they were pasted, and not more formulas than somebody reads.

    Attributes:
        set: the formulas as LaTeX and as safe HTML. Each is set once for all answers that have it, and stands in the text as a
            `_PLACE` with its number until the text around it is written anew.
    """

    pictures: dict[str, str]
    missing: str

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.set: list[tuple[str, str]] = []

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A pasted picture; every other one is said."""
        source = self.pictures.get(url.removeprefix("attachment:")) if url.startswith("attachment:") else None
        if source is None:
            return f"<em>({html.escape(self.missing)}: {html.escape(display.line(url, chars=80))})</em>"
        said = _PLACE.sub(lambda place: self.set[int(place[1])][0], text)
        return f'<img src="{html.escape(source)}" alt="{html.escape(display.line(said, chars=200))}">'

    def block_mermaidjs(self, code: str) -> str:
        """No diagram, which takes a script: its text."""
        return f"<pre>{html.escape(code)}</pre>"

    def formula(self, latex: str, display: str) -> str:
        """A formula, if it is one that somebody typed."""
        if len(latex) > _FORMULA_CHARS or len(self.set) >= _FORMULAS or latex.count("{") > _DEPTH * 4:
            return f"<code>{html.escape(latex)}</code>"
        self.set.append((latex, _formula(latex, display)))
        return f"{_OPEN}{len(self.set) - 1}{_CLOSE}"


@functools.lru_cache(maxsize=8_192)  # a class writes the same formulas
def _formula(latex: str, display: str) -> str:
    return _written_anew(formulas.mathml(latex, display))


def _clean(text: str) -> str:
    """Without control characters, and not longer than somebody reads."""
    return _DEFINITION.sub(r"\1\\[", _GAP.sub(lambda gap: gap[0][:_GAP_CHARS], display.block(text, chars=MOST_CHARS, lines=5_000)))


def _bearable(text: str) -> bool:
    """Whether Markdown's rules, some of which take the square of a text's marks, end in time."""
    return sum(text.count(mark) for mark in "[]*_`<>!~$\\|") <= _SUSPICIOUS and max(map(len, text.split("\n"))) <= 25_000


def _written_anew(rendered: str, pictures: Container[str] = (), set_formulas: Sequence[tuple[str, str]] = ()) -> str:
    writer = _Writer(pictures, set_formulas)
    writer.feed(rendered)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    """Reads HTML and writes what is allowed of it, every element closed; formulas, which are safe, come where words may stand."""

    def __init__(self, pictures: Container[str], set_formulas: Sequence[tuple[str, str]]) -> None:
        super().__init__(convert_charrefs=True)
        self._pictures, self._set = pictures, set_formulas
        self._out: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that begins: written, if it is on the list."""
        if tag not in ALLOWED or len(self._open) >= _DEPTH:
            return
        kept = "".join(f' {name}="{html.escape(value)}"' for name, value in attrs if value and self._keeps(tag, name, value))
        if tag == "img" and "src=" not in kept:
            return
        more = ' rel="noopener noreferrer nofollow" target="_blank"' if tag == "a" else ""
        self._out.append(f"<{tag}{kept}{more}>")
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """One that ends: those inside end with it."""
        if tag in self._open:
            while self._open:
                last = self._open.pop()
                self._out.append(f"</{last}>")
                if last == tag:
                    return

    def handle_data(self, data: str) -> None:
        """Words."""
        self._out.append(_PLACE.sub(self._in_place, html.escape(data, quote=False)))

    def text(self) -> str:
        """What was allowed."""
        return "".join([*self._out, *(f"</{tag}>" for tag in reversed(self._open))])

    def _in_place(self, place: re.Match[str]) -> str:
        return self._set[int(place[1])][1] if int(place[1]) < len(self._set) else ""

    def _keeps(self, tag: str, name: str, value: str) -> bool:
        if name == "href":
            return tag == "a" and value.lower().startswith(("https://", "http://"))
        if name == "src":
            return tag == "img" and value in self._pictures
        if name == "class":
            return tag in ("code", "span", "div", "pre") and value.replace("-", "").replace(" ", "").isalnum() and len(value) < 40
        known = _MATH_ATTRIBUTES if tag in MATH else ()
        return name in (*_ATTRIBUTES.get(tag, ()), *known) and len(value) < 40
