"""Scorecard -> what a student's page says, piece by piece. Pure; `feedback` writes it, a template draws it.

Sees marks only: the code of a hidden test never comes this far. What a student's program printed is escaped by the template and
stripped of control characters here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from grading import display, pictures, quotes
from grading.marks import Mark, Scorecard, Totals, Verdict
from grading.pages import lateness, sentences, tones
from grading.pages.answers import Answer
from grading.pages.asked import Asked, Help
from grading.pages.texts import Texts, texts
from grading.pages.tones import Tone
from grading.pages.total import Total, still_open, total

_MOST_CHARS, _MOST_LINES = 12_000, 200  # of an answer; whoever wrote more has it
_PICTURE_CHARS = 3_000_000  # of base64


@dataclass(frozen=True)
class Setting:
    """What is the same on the pages of a class.

    Attributes:
        title: the assignment's.
        again_by: until when a notebook that could not be opened may be handed in again, in words; empty if nobody said.
    """

    title: str
    asked: Asked = field(default_factory=Asked)
    texts: Texts = field(default_factory=texts)
    again_by: str = ""


@dataclass(frozen=True)
class Piece:
    """One stretch of a bar, in percent."""

    kind: str
    start: str
    width: str


@dataclass(frozen=True)
class Cell:
    """One check or one written answer.

    Attributes:
        answer: the student's own, as HTML that is safe; every other text is escaped by the template.
    """

    name: str
    tone: Tone
    points: str
    said: str = ""
    what: str = ""
    expected: str = ""
    got: str = ""
    fix: str = ""
    look_at: str = ""
    case: str = ""
    answer: Markup | str = ""
    items: tuple[str, ...] = ()
    comment: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing to read below its heading."""
        return not any(
            (
                self.said,
                self.what,
                self.expected,
                self.got,
                self.fix,
                self.look_at,
                self.case,
                self.answer,
                self.items,
                self.comment,
            )
        )


@dataclass(frozen=True)
class Part:
    """One part of the homework.

    Attributes:
        folded: nothing in it needs to be read.
        notebook: where it stands; empty if the homework has one notebook.
    """

    name: str
    title: str
    notebook: str
    tone: Tone
    points: str
    waiting: str
    described: str
    bar: tuple[Piece, ...]
    optional: bool
    folded: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Page:
    """Everything on a page, in its order.

    Attributes:
        alarms: what has to be read first, each as (sentence, why).
        late: until when it was due, when it came, and what of the points counts; empty without a deadline.
    """

    title: str
    student: str
    alarms: tuple[tuple[str, str], ...]
    again: str
    total: Total
    sentence: str
    causes: tuple[str, ...]
    unjudged: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    late: str = ""


def page(card: Scorecard, setting: Setting, answers: Mapping[str, Answer]) -> Page:
    """What one student reads."""
    said = setting.texts
    alarms = _alarms(card, said)
    return Page(
        title=display.line(setting.title),
        student=display.line(card.student),
        alarms=alarms,
        again="" if not alarms else said("again_by", when=setting.again_by) if setting.again_by else said("again"),
        total=total(card.marks, said),
        sentence=sentences.summary(card.marks, said),
        causes=tuple(sentences.cause(cause, marks, said) for cause, marks in card.causes.items()),
        unjudged=sentences.unjudged(_opened(card), said),
        parts=tuple(_part(name, card, setting, answers) for name in card.parts),
        notes=tuple(display.line(note, chars=400) for note in card.told[:30]),
        late=lateness.sentence(card, said),
    )


def _alarms(card: Scorecard, said: Texts) -> tuple[tuple[str, str], ...]:
    """Notebooks of which nothing could be graded."""
    closed = [
        (said("unopened", notebook=f"{display.line(name)}.ipynb"), said("unopened_why", why=display.line(why, chars=300)))
        for name, why in card.unopened.items()
    ]
    return (*closed, *((said("absent", notebook=f"{display.line(name)}.ipynb"), "") for name in card.absent))


def _opened(card: Scorecard) -> list[Mark]:
    """The marks of notebooks that were opened: of the others it is said what there is to say."""
    return [mark for mark in card.marks if mark.notebook not in card.unopened]


def _part(name: str, card: Scorecard, setting: Setting, answers: Mapping[str, Answer]) -> Part:
    said, marks = setting.texts, card.of_part(name)
    closed = {*card.unopened, *card.absent}
    possible = sum(mark.max_points for mark in marks)
    earned = sum(mark.points or 0.0 for mark in marks)
    waiting = Totals.of(marks).waiting
    unjudged = sum(mark.max_points for mark in marks if mark.verdict is Verdict.UNJUDGED)
    described = said("of_points", earned=display.number(earned), possible=said.points(possible))
    return Part(
        name=display.line(name, chars=30),
        title=display.line(setting.asked.parts.get(name, ""), chars=120),
        notebook=display.line(marks[0].notebook) if len({mark.notebook for mark in card.marks}) > 1 else "",
        tone=tones.of_part(marks),
        points=f"{display.number(earned)} / {display.number(possible)}",
        waiting=said("open_short", value=display.number(waiting)) if waiting else "",
        described=", ".join(filter(None, [described, still_open(marks, said)])),
        bar=_bar(possible, {"earned": earned, "wait": waiting, "ask": unjudged}),
        optional=all(mark.optional for mark in marks),
        folded=all(mark.notebook in closed or _is_settled(mark) for mark in marks),
        cells=tuple(_cell(mark, setting, answers, closed=mark.notebook in closed) for mark in marks),
    )


def _is_settled(mark: Mark) -> bool:
    """Whether a student has nothing to do here: all points, left out, or waiting for a reader who has said nothing yet."""
    if mark.by_hand and mark.answered:
        return not mark.comment and (mark.points is None or mark.points >= mark.max_points)
    return mark.verdict is Verdict.PASSED or tones.is_skipped(mark)


def _bar(possible: float, shares: dict[str, float]) -> tuple[Piece, ...]:
    pieces = [Piece("rest", "0", "100")]
    start = 0.0
    for kind, points in shares.items():
        width = min(100 * points / possible, 100 - start) if possible > 0 else 0.0
        if width > 0:
            pieces.append(Piece(kind, f"{start:.2f}", f"{width:.2f}"))
            start += width
    return tuple(pieces)


def _cell(mark: Mark, setting: Setting, answers: Mapping[str, Answer], *, closed: bool) -> Cell:
    said, tone = setting.texts, tones.of_mark(mark)
    name = display.line(_name(mark, setting.asked.cells.get(mark.grade_id, ""), said), chars=160)
    possible = said.points(mark.max_points)
    earned = said("open_worth", possible=possible) if mark.points is None else ""
    points = earned or said("of_points", earned=display.number(mark.points or 0.0), possible=possible)
    shown = Cell(name, tone, points)
    if closed:
        return shown  # nobody has seen it; what there is to say of the notebook stands at the top
    if mark.by_hand:
        return _by_hand(mark, shown, answers.get(mark.grade_id), said)
    if mark.verdict is Verdict.PASSED or tone is tones.SKIPPED:
        return shown
    if mark.verdict is Verdict.UNJUDGED:
        why = said("follows", cause=display.line(quotes.shown(mark.cause), chars=400)) if mark.cause else said("check_broke")
        return _changed(shown, said=why, got=display.block(quotes.shown(mark.got)) if mark.cause else "")
    return _wrong(mark, shown, setting.asked.helps.get(mark.grade_id, Help()), said)


def _name(mark: Mark, called: str, said: Texts) -> str:
    """What a cell is called; of which the author says nothing: its grade id without the part."""
    if mark.by_hand:
        return ": ".join(filter(None, [said("your_answer"), called]))
    return called or mark.grade_id.removeprefix(f"{mark.part}_").removesuffix("_test").replace("_", " ")


def _wrong(mark: Mark, shown: Cell, help: Help, said: Texts) -> Cell:
    """A check without all its points: what is wrong, then, folded, what to look at and a small case."""
    text = mark.what + mark.expected + mark.got + mark.fix
    no_more = "" if mark.what or mark.fix else said("no_more")
    return _changed(
        shown,
        said=said("held_back") if quotes.OPEN in text else no_more,
        what=display.block(quotes.shown(mark.what), chars=500, lines=6),
        expected=display.block(quotes.shown(mark.expected)),
        got=display.block(quotes.shown(mark.got)),
        fix=display.block(quotes.shown(mark.fix), chars=600),
        look_at=help.look_at,
        case=help.case,
    )


def _by_hand(mark: Mark, shown: Cell, answer: Answer | None, said: Texts) -> Cell:
    comment = display.block(mark.comment, chars=4000, lines=60)
    if tones.is_empty(mark):
        return shown if mark.optional else _changed(shown, said=said("blank"))
    if not mark.answered:
        return _changed(shown, comment=comment)
    if mark.waits and mark.got:  # the cell is empty, and something stands beside it
        return _changed(shown, what=mark.what, got=display.block(mark.got), fix=mark.fix, comment=comment)
    words = _set(answer, said) if answer else ""
    return _changed(shown, answer=words, items=tuple(map(display.line, mark.items)), comment=comment)


def _set(answer: Answer, said: Texts) -> Markup:
    """The student's own words as their notebook sets them, formulas and pasted pictures included; nothing in it can do anything."""
    from grading import shown  # nbconvert's Markdown takes half a second to import

    text = display.block(answer.text, chars=_MOST_CHARS, lines=_MOST_LINES)
    places = {name: pictures.in_page(one) for name, one in answer.pictures.items() if len(one[1]) <= _PICTURE_CHARS}
    return Markup(shown.plain(text) if answer.code else shown.markdown(text, places, missing=said("picture")))


def _changed(cell: Cell, **more: Any) -> Cell:
    return Cell(cell.name, cell.tone, cell.points, **more)
