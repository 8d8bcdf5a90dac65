"""Everything that a text of the hand-out says: itself, and the texts inside it. Pure.

A comment holds code, a string holds lines, a sentence quotes a formula, and twenty letters may be base64: each is read as what it
is once it is taken out.
"""

from __future__ import annotations

import ast
import base64
import binascii
import io
import itertools
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from grading import syntax

ENCODED = ("in a text", "in base64", "in hexadecimal")  # written in another way than in the file: \n for a line's end, say
_DEPTH = 4  # a line of a text in base64 in a string
_LEAST = 12  # characters; what is shorter says nothing
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}(?:\n[A-Za-z0-9+/_-]{4,})*={0,2}")
_HEX = re.compile(r"\b(?:[0-9A-Fa-f]{2}){12,}\b")
_PRINTABLE = re.compile(rb"[\t\n\r\x20-\x7e]{12,}")
_QUOTED = re.compile(r"`+([^`]{12,}?)`+")
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|[-*>]|#+|\d+[.)])\s+")
_LIKE_CODE = re.compile(r"[=(\[]|^\s*return\b")
_MOST_ENCODED = 5_000_000  # characters of one run


@dataclass(frozen=True)
class Said:
    """A text that a student can read.

    Attributes:
        file: the file or cell that it stands in.
        line: the line there that it begins in.
        how: what hides it, in words; empty for the text itself.
        counts: whether its lines are lines of the file, too.
    """

    file: str
    text: str
    line: int = 1
    how: str = ""
    counts: bool = True

    def at(self, line: int) -> int:
        """The line of the file that one of its lines stands in."""
        return self.line + line - 1 if self.counts else self.line

    def lines(self, first: int, last: int) -> str:
        """Some of its lines."""
        return "\n".join(self.text.split("\n")[first - 1 : last])


def everything(files: Mapping[str, str]) -> list[Said]:
    """The texts of a hand-out and those inside them, each once."""
    found: dict[tuple[str, int, str], Said] = {}
    waiting = [Said(file, text) for file, text in files.items()]
    for _ in range(_DEPTH):
        new = [said for said in waiting if (said.file, said.line, said.text.strip()) not in found]
        found |= {(said.file, said.line, said.text.strip()): said for said in new}
        waiting = [_placed(said, inner) for said in new for inner in _inside(said.text)]
    return list(found.values())


@dataclass(frozen=True)
class _Inner:
    """A text inside another: the line of that one in which it begins, and as in `Said`."""

    text: str
    line: int
    how: str
    counts: bool = True


def _placed(said: Said, inner: _Inner) -> Said:
    return Said(said.file, inner.text, said.at(inner.line), inner.how or said.how, said.counts and inner.counts)


@lru_cache(maxsize=8192)  # most files of the library are the same in every release
def _inside(text: str) -> tuple[_Inner, ...]:
    tree = syntax.parse(text)
    found = [*_comments(text), *_strings(tree)] if tree is not None else _code(text)
    return tuple(inner for inner in (*found, *_decoded(text)) if len(inner.text.strip()) >= _LEAST)


def _comments(text: str) -> Iterator[_Inner]:
    """Comments that follow one another, as one text."""
    rows: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                rows[token.start[0]] = token.string.lstrip("#")
    except (tokenize.TokenError, SyntaxError):  # magic commands, which the parser is spared
        rows |= {at: row.lstrip().lstrip("#") for at, row in enumerate(text.split("\n"), 1) if row.lstrip().startswith("#")}
    for _, group in itertools.groupby(enumerate(sorted(rows)), key=lambda pair: pair[1] - pair[0]):
        numbers = [at for _, at in group]
        yield _Inner(_flush(rows[at] for at in numbers), numbers[0], "in a comment")


def _strings(tree: ast.Module) -> Iterator[_Inner]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield _Inner(_flush(node.value.split("\n")), node.lineno, "in a text", node.end_lineno != node.lineno)


def _code(text: str) -> Iterator[_Inner]:
    """What may be code in prose: paragraphs, quotations, single lines."""
    rows = list(enumerate(text.split("\n"), 1))
    for is_text, group in itertools.groupby(rows, key=lambda row: bool(row[1].strip()) and "```" not in row[1]):
        paragraph = list(group)
        if is_text and len(paragraph) > 1:
            yield _Inner(_flush(row for _, row in paragraph), paragraph[0][0], "")
    for at, row in rows:
        lines = [_PROMPT.sub("", row).strip()] if _LIKE_CODE.search(row) else []
        yield from (_Inner(said, at, "") for said in (*_QUOTED.findall(row), *lines))


def _flush(rows: Iterable[str]) -> str:
    """Lines moved to the left, the first one, which may stand behind quotes, by itself."""
    first, *rest = rows
    whole = textwrap.dedent("\n".join([first, *rest]))
    return whole if whole[:1].strip() else "\n".join([first.lstrip(), textwrap.dedent("\n".join(rest))])


def _decoded(text: str) -> Iterator[_Inner]:
    for pattern, decode, how in ((_BASE64, _from_base64, ENCODED[1]), (_HEX, bytes.fromhex, ENCODED[2])):
        for found in pattern.finditer(text):
            if len(found[0]) <= _MOST_ENCODED:
                line = text.count("\n", 0, found.start()) + 1
                yield from (_Inner(said, line, how, False) for said in readable(decode(found[0])))


def _from_base64(text: str) -> bytes:
    plain = text.replace("\n", "").rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def readable(data: bytes) -> Iterator[str]:
    """The text that bytes are, or those in it: a picture says in which program it was made."""
    try:
        yield data.decode("utf-8")
    except UnicodeDecodeError:
        yield from (found[0].decode("ascii") for found in _PRINTABLE.finditer(data))
