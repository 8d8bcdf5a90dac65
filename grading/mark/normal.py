r"""The normal form of an answer: two answers of one form are one group and take one decision. Pure.

What is left aside is spelling that no grader would grade, and nothing else; when in doubt, two answers stay two:

    white space    lines and spaces run together, and go around operators and brackets; code in a fence keeps its lines
    case           of words of two letters and more; X and x, N and n are two things, and so are names in code and formulas
    Markdown       emphasis, headings, bullets, quotes, the marks around code and formulas
    LaTeX          \left, \right, \, \tfrac for \frac, \cdot and \times for *, x^{2} for x^2, \alpha for its letter, \le for \leq
    characters     curly quotes, long dashes and minus signs, non-breaking spaces, composed letters
    numbers        1,000 for 1000, .50 for 0.5, 1e-3 for 0.001

Pasted pictures are part of the form: two pictures are one only if they are the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(?P<code>.*?)\n\1[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?P<tick>`+)(?P<code>[^`]+)(?P=tick)|\$\$(?P<block>[^$]+)\$\$|\$(?P<inline>[^$\n]+)\$")
_SAYS_SOMETHING = r"[^\W\d_]{2}"  # a word: before a number or a letter alone, a dash may be a minus and * a product
_LINE_MARKS = re.compile(rf"^[ \t]*(?:#{{1,6}}[ \t]+|[>\-*+\u2022][ \t]+(?={_SAYS_SOMETHING}))", re.MULTILINE)
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<mark>\*{1,3})(?=[^\s*])(?=[^*\n]*[^\W\d_]{2})(?P<inner>[^*\n]+?)(?<=[^\s*])(?P=mark)(?![\w*])"
)
_UNDERSCORES = re.compile(r"(?<!\w)(?P<mark>_{1,2})(?=[^\s_])(?=[^_\n]*[^\W\d_]{2})(?P<inner>[^_\n]+?)(?<=[^\s_])(?P=mark)(?!\w)")
_WORD = re.compile(r"(?<![\w\\])[^\W\d_]{2,}(?![\w(])")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)?(?:\.\d+)?(?:(?<=[\d.])[eE][-+]?\d+)?(?![\w])")
_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        **dict.fromkeys("\u00d7\u00b7\u22c5", "*"),
        "\u2264": r"\leq ",
        "\u2265": r"\geq ",
        "\u2248": r"\approx ",
    }
)
_SMALL = {unicodedata.name(chr(code)).split()[-1].lower(): chr(code) for code in range(0x3B1, 0x3CA) if code != 0x3C2}
_LETTERS = {**_SMALL, **{name.capitalize(): letter.upper() for name, letter in _SMALL.items()}}
_LETTERS |= {"lambda": _LETTERS["lamda"], "Lambda": _LETTERS["Lamda"]}
_SIZES = ("left", "right", "quad", "qquad", "displaystyle", "limits", "big", "Big", "bigl", "bigr", "Bigl", "Bigr")
_COMMANDS = {
    **dict.fromkeys(_SIZES, ""),
    **dict.fromkeys(("tfrac", "dfrac"), r"\frac"),
    **dict.fromkeys(("cdot", "times"), "*"),
    "le": r"\leq",
    "ge": r"\geq",
    "ne": r"\neq",
    "to": r"\rightarrow",
    "lVert": r"\|",
    "rVert": r"\|",
    **_LETTERS,
}
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SPACING = re.compile(r"\\[,;:! ]")
_SHORT = re.compile(r"(?<=[\^_])\{\s*(\w)\s*\}")
_TIGHT = re.compile(r"\s*([-=+*/<>^|(){}\[\]])\s*")


def normal_form(text: str, pictures: Iterable[str] = ()) -> str:
    """What an answer says, without the spelling that nobody grades.

    Args:
        text: the cell's source.
        pictures: the pasted pictures, as they are stored.
    """
    text = (
        unicodedata.normalize("NFC", text).replace("\r\n", "\n").rstrip()
    )  # before LaTeX: there a backslash and a space are one sign
    pieces, end = [], 0
    for fence in _FENCE.finditer(text):
        code = "\n".join(line.rstrip() for line in fence["code"].strip("\n").split("\n"))
        pieces += [_prose(text[end : fence.start()]), f"\n```\n{code}\n```\n"]
        end = fence.end()
    shown = "".join([*pieces, _prose(text[end:])]).strip().removesuffix(".").rstrip()
    drawn = [hashlib.sha256(picture.encode("utf-8", "surrogatepass")).hexdigest() for picture in pictures]
    return "\n".join([shown, *sorted(drawn)])


def key(text: str, pictures: Iterable[str] = ()) -> str:
    """A short name of the normal form; the same for two answers exactly when their forms are."""
    return hashlib.sha256(normal_form(text, pictures).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _prose(text: str) -> str:
    """Text between fences: formulas and code in it keep their case."""
    text, pieces, end = _LINE_MARKS.sub("", text.translate(_CHARACTERS)), [], 0
    for span in _SPAN.finditer(text):
        pieces += [_words(text[end : span.start()]), span["code"] or _formula(span["block"] or span["inline"])]
        end = span.end()
    joined = _formula("".join([*pieces, _words(text[end:])]))
    return _NUMBER.sub(_number, _TIGHT.sub(r"\1", " ".join(joined.split())))


def _words(text: str) -> str:
    text = _UNDERSCORES.sub(r"\g<inner>", _EMPHASIS.sub(r"\g<inner>", text))
    return _WORD.sub(lambda word: word[0].lower(), text)


def _formula(text: str) -> str:
    """LaTeX in one spelling; what was text already stays as it is."""
    text = _COMMAND.sub(lambda found: f"{_COMMANDS.get(found[1], found[0])} ", _SPACING.sub(" ", text))
    return _SHORT.sub(r"\1", text)


def _number(found: re.Match[str]) -> str:
    text = found[0].replace(",", "")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return found[0]
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return found[0]
    plain = f"{value:f}"
    return (plain.rstrip("0").rstrip(".") or "0") if "." in plain else plain
