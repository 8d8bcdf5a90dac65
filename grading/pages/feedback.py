"""Scorecard -> the page a student gets: one HTML file that needs nothing else. Also the staff's list of pages.

Sees marks only: the code of a hidden test never comes this far. What a student's program printed is escaped by the
template and stripped of control characters here. The same scorecard always gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grading import display, quotes
from grading.files import write_text
from grading.marks import Mark, Scorecard, Totals, Verdict
from grading.pages import sentences
from grading.pages.jinja import templates
from grading.settings import Assignment
from grading.workspace import Workspace


@dataclass(frozen=True)
class _Tone:
    """How a state looks: a colour, a symbol and a word, so that no reader depends on one of them."""

    kind: str
    symbol: str
    word: str


_PASSED = _Tone("passed", "✓", "correct")
_PARTIAL = _Tone("partial", "◐", "partly correct")
_FAILED = _Tone("failed", "✗", "not correct yet")
_UNJUDGED = _Tone("unjudged", "?", "could not be checked")
_WAITING = _Tone("waiting", "✎", "a person reads this")
_READ = _Tone("read", "✎", "read by a person")
_EMPTY = _Tone("failed", "✗", "not answered")
_TONES = {Verdict.PASSED: _PASSED, Verdict.PARTIAL: _PARTIAL, Verdict.FAILED: _FAILED, Verdict.UNJUDGED: _UNJUDGED}

_OWN_CHARS = 20_000  # of an answer
_NOT_YOUR_FAULT = (
    "This was not your fault: the check itself could not finish. A person will look at it, and until then it costs nothing."
)
_FOLLOWS = "This check could not be judged, because {cause}. A person will look at it, and until then it costs nothing."
_BLANK = "This answer was still empty when you handed in."
_HELD_BACK = (
    "Where it says …, your own code said something about an input that only graders have. Try it on more inputs of your own."
)
_NO_MORE = "This check did not pass, and it has no more precise explanation. Your teaching assistant can say more."


@dataclass(frozen=True)
class _Piece:
    """One stretch of a bar, in percent."""

    kind: str
    start: str
    width: str


@dataclass(frozen=True)
class _Cell:
    name: str
    notebook: str
    tone: _Tone
    points: str
    said: str = ""
    what: str = ""
    expected: str = ""
    got: str = ""
    fix: str = ""
    comment: str = ""
    items: tuple[str, ...] = ()
    own: str = ""


@dataclass(frozen=True)
class _Part:
    name: str
    tone: _Tone
    points: str
    waiting: str
    described: str
    bar: tuple[_Piece, ...]
    optional: bool
    cells: tuple[_Cell, ...]


@dataclass(frozen=True)
class _Page:
    title: str
    student: str
    earned: str
    possible: str
    bonus: str
    bonus_possible: str
    waiting: str
    by_hand: str
    by_hand_possible: str
    sentence: str
    causes: tuple[str, ...]
    unjudged: str
    parts: tuple[_Part, ...]
    notes: tuple[str, ...]


def render(card: Scorecard, title: str) -> str:
    """One student's page.

    Args:
        card: the marks.
        title: the assignment's title.
    """
    return templates().get_template("feedback.html.j2").render(page=_page(card, title))


def write_pages(cards: Iterable[Scorecard], assignment: Assignment, work: Workspace) -> Path:
    """Write every student's page, and the staff's list of them, whose path is returned. Pages of others are removed."""
    cards = sorted(cards, key=lambda card: card.student)
    for card in cards:
        write_page(card, assignment, work)
    present = {card.student for card in cards}
    for page in work.feedback.glob(f"*/{assignment.name}.html"):
        if page.parent.name not in present:  # whoever hands the pages out takes the whole folder
            shutil.rmtree(page.parent)
    rows = [_index_row(card, assignment) for card in cards]
    write_text(work.feedback_index, templates().get_template("index.html.j2").render(title=assignment.title, rows=rows))
    return work.feedback_index


def write_page(card: Scorecard, assignment: Assignment, work: Workspace) -> Path:
    """Write a student's page; returns its path."""
    path = work.feedback_page(card.student)
    write_text(path, render(card, assignment.title))
    return path


def _index_row(card: Scorecard, assignment: Assignment) -> dict[str, str]:
    def pair(earned: float, possible: float) -> str:
        return f"{display.number(earned)} / {display.number(possible)}" if possible else "—"

    totals = card.totals
    return {
        "student": display.line(card.student),
        "link": f"{quote(card.student, errors='replace')}/{quote(assignment.name)}.html",
        "automatic": pair(totals.earned, totals.possible),
        "bonus": pair(totals.bonus, totals.bonus_possible),
        "waiting": display.number(totals.waiting),
        "unjudged": str(totals.unjudged or "—"),
        "flags": "; ".join(card.flags[:5]) or "—",
    }


# ---- from marks to what the page says ----


def _page(card: Scorecard, title: str) -> _Page:
    totals = card.totals
    read = [mark for mark in card.marks if mark.read]
    many = len({mark.notebook for mark in card.marks}) > 1
    return _Page(
        title=display.line(title),
        student=display.line(card.student),
        earned=display.number(totals.earned),
        possible=display.number(totals.possible),
        bonus=display.number(totals.bonus),
        bonus_possible=display.number(totals.bonus_possible) if totals.bonus_possible else "",
        waiting=display.number(totals.waiting) if totals.waiting else "",
        by_hand=display.number(sum(mark.points or 0 for mark in read)) if read else "",
        by_hand_possible=display.number(sum(mark.max_points for mark in read)),
        sentence=sentences.summary(card.marks),
        causes=tuple(sentences.cause(cause, marks) for cause, marks in card.causes.items()),
        unjudged=sentences.unjudged(card.marks),
        parts=tuple(_part(name, card.of_part(name), many) for name in card.parts),
        notes=tuple(display.line(note, chars=400) for note in card.notes[:30]),
    )


def _part(name: str, marks: Sequence[Mark], many: bool) -> _Part:
    possible = sum(mark.max_points for mark in marks)
    earned = sum(mark.points or 0.0 for mark in marks)
    waiting = Totals.of(marks).waiting
    unjudged = sum(mark.max_points for mark in marks if mark.verdict is Verdict.UNJUDGED)
    described = f"{display.number(earned)} of {sentences.points(possible)}"
    if waiting:
        described += f", {display.number(waiting)} still to be read"
    if unjudged:
        described += f", {display.number(unjudged)} could not be checked"
    return _Part(
        name=display.line(name, chars=30),
        tone=_part_tone(marks),
        points=f"{display.number(earned)} / {display.number(possible)}",
        waiting=f"{display.number(waiting)} open" if waiting else "",
        described=described,
        bar=_bar(possible, {"earned": earned, "wait": waiting, "ask": unjudged}),
        optional=all(mark.optional for mark in marks),
        cells=tuple(_cell(mark, many) for mark in marks),
    )


def _part_tone(marks: Sequence[Mark]) -> _Tone:
    checks = [mark for mark in marks if not mark.by_hand]
    if any(mark.verdict is Verdict.UNJUDGED for mark in checks):
        return _UNJUDGED
    if not checks:
        return _WAITING if any(mark.waits for mark in marks) else _EMPTY if all(_is_empty(mark) for mark in marks) else _READ
    if all(mark.verdict is Verdict.PASSED for mark in checks):
        return _PASSED
    return _PARTIAL if any(mark.points for mark in checks) else _FAILED


def _bar(possible: float, shares: dict[str, float]) -> tuple[_Piece, ...]:
    pieces = [_Piece("rest", "0", "100")]
    start = 0.0
    for kind, points in shares.items():
        width = min(100 * points / possible, 100 - start) if possible > 0 else 0.0
        if width > 0:
            pieces.append(_Piece(kind, f"{start:.2f}", f"{width:.2f}"))
            start += width
    return tuple(pieces)


def _cell(mark: Mark, many: bool) -> _Cell:
    name = mark.grade_id.removeprefix(f"{mark.part}_").replace("_", " ")
    shown: dict[str, Any] = {
        "name": display.line(name, chars=80) or "answer",
        "notebook": display.line(mark.notebook) if many else "",
    }
    points = f"{_earned(mark)} {sentences.points(mark.max_points)}"
    if mark.by_hand:
        return _by_hand(mark, shown, points)
    tone = _TONES[mark.verdict]
    if mark.verdict is Verdict.PASSED:
        return _Cell(**shown, tone=tone, points=points)
    if mark.verdict is Verdict.UNJUDGED:
        said = _FOLLOWS.format(cause=display.line(quotes.shown(mark.cause), chars=400)) if mark.cause else _NOT_YOUR_FAULT
        seen = display.block(quotes.shown(mark.got)) if mark.cause else ""
        return _Cell(**shown, tone=tone, points=points, said=said, got=seen)
    said = mark.what + mark.expected + mark.got + mark.fix
    return _Cell(
        **shown,
        tone=tone,
        points=points,
        said=_HELD_BACK if quotes.OPEN in said else "" if mark.what or mark.fix else _NO_MORE,
        what=display.block(quotes.shown(mark.what), chars=500, lines=6),
        expected=display.block(quotes.shown(mark.expected)),
        got=display.block(quotes.shown(mark.got)),
        fix=display.block(quotes.shown(mark.fix), chars=600),
    )


def _earned(mark: Mark) -> str:
    return "open, worth" if mark.points is None else f"{display.number(mark.points)} of"


def _is_empty(mark: Mark) -> bool:
    """Decided without a reader: there was nothing to read, and nobody has said anything since."""
    return not mark.answered and not mark.points and not mark.comment


def _by_hand(mark: Mark, shown: dict[str, Any], points: str) -> _Cell:
    comment = display.block(mark.comment, chars=4000, lines=60)
    said = _BLANK if _is_empty(mark) else ""
    if not mark.waits:
        items, own = tuple(map(display.line, mark.items)), display.block(mark.own, chars=_OWN_CHARS, lines=200)
        tone = _EMPTY if said else _READ
        return _Cell(**shown, tone=tone, points=points, said=said, comment=comment, items=items, own=own)
    beside: dict[str, Any] = {"what": mark.what, "got": display.block(mark.got), "fix": mark.fix} if mark.got else {}
    return _Cell(**shown, tone=_WAITING, points=points, said=said, comment=comment, **beside)
