"""The figures of a class -> one page for staff that needs nothing else, and the same as CSV files.

Never handed out: it names students and shows, without names, what some of them wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from grading import display
from grading.changes import ClassChanges
from grading.figures import Counts, Estimate, Figures, Item
from grading.files import write_text
from grading.marks import Scorecard
from grading.pages.class_list import ClassList, Links, class_list
from grading.pages.csv_text import Figure, Whole, csv_text
from grading.pages.jinja import templates
from grading.pages.script import policy, script

_WORDS = {"full": "all points", "some": "some", "none": "none", "empty": "not answered", "open": "open"}
_CLASSES = {"full": "earned"}  # colours of the bars, where they are not called as the counts
_KINDS = {"named": "named by a test", "stopped": "stopped with an error", "empty": "not answered"}
_NOTHING = "\N{EN DASH}"
_SHOWN = 40  # of mistakes and reasons; the CSV has all


@dataclass(frozen=True)
class Piece:
    """One stretch of a bar, in percent."""

    kind: str
    start: str
    width: str


def write_stats(
    found: Figures,
    cards: Iterable[Scorecard],
    title: str,
    folder: Path,
    links: Links,
    changed: ClassChanges | None = None,
) -> list[Path]:
    """Write `index.html` and the CSV files beside it.

    Args:
        found: the figures.
        cards: the class, for its list.
        title: of the homework.
        folder: where to.
        links: a student's pages, as addresses from that folder.
        changed: what the last regrade did; None for nothing.

    Returns:
        The paths, the page first.
    """
    listed = class_list(cards, links)
    page = folder / "index.html"
    write_text(page, _page(found, listed, title, changed))
    paths = [page]
    for name, lines in _tables(found, listed).items():
        paths.append(folder / f"{name}.csv")
        write_text(paths[-1], csv_text(lines))
    return paths


def stats_lines(found: Figures) -> list[str]:
    """What to say on the terminal: the mean, the tests that are to be doubted, the most frequent mistakes."""
    mean = f"{percent(found.mean)} of the required automatic points"
    lines = [f"class      {_students_said(found.students)}, {mean}; {_alpha(found.alpha)}"]
    lines += [f"look at    {item.cell}: {said}" for item in found.cells for said in item.warnings]
    named = [one for one in found.mistakes if one.kind == "named"]
    lines += [f"mistake    {_students_said(one.students)}: {display.line(one.said, chars=160)}" for one in named[:5]]
    return lines


def percent(estimate: Estimate) -> str:
    """A share with its interval: "63 % (57 to 68)"."""
    if estimate.value is None:
        return _NOTHING
    interval = "" if estimate.low is None or estimate.high is None else f" ({_whole(estimate.low)} to {_whole(estimate.high)})"
    return f"{_whole(estimate.value)} %{interval}"


def decimal(estimate: Estimate) -> str:
    """A correlation or an alpha with its interval: "0.41 (0.30 to 0.51)"."""
    if estimate.value is None:
        return _NOTHING
    interval = "" if estimate.low is None or estimate.high is None else f" ({estimate.low:.2f} to {estimate.high:.2f})"
    return f"{estimate.value:.2f}{interval}"


def bar(counts: Counts) -> tuple[Piece, ...]:
    """The stretches of a bar."""
    pieces, start = [], 0.0
    for kind in _WORDS:
        width = 100 * getattr(counts, kind) / counts.all if counts.all else 0.0
        if width:
            pieces.append(Piece(_CLASSES.get(kind, kind), f"{start:.2f}", f"{width:.2f}"))
        start += width
    return tuple(pieces)


def described(counts: Counts) -> str:
    """The same in words, for whoever does not see it."""
    return ", ".join(f"{getattr(counts, kind)} {word}" for kind, word in _WORDS.items() if getattr(counts, kind)) or "nobody"


def _students_said(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"


def _whole(value: float) -> str:
    return f"{100 * value:.0f}"


def _alpha(estimate: Estimate) -> str:
    return f"Cronbach's alpha {decimal(estimate)} of {estimate.n} students"


def _page(found: Figures, listed: ClassList, title: str, changed: ClassChanges | None) -> str:
    doubted = [(item, said) for item in found.cells for said in item.warnings]
    return (
        templates()
        .get_template("stats.html.j2")
        .render(
            title=title,
            found=found,
            listed=listed,
            changed=changed,
            doubted=doubted,
            mistakes=[one for one in found.mistakes if one.kind == "named"][:_SHOWN],
            other=[one for one in found.mistakes if one.kind != "named"][:_SHOWN],
            kinds=_KINDS,
            words=[(_CLASSES.get(kind, kind), word) for kind, word in _WORDS.items()],
            tallest=max((one.students for one in found.totals), default=0),
            say=display.number,
            percent=percent,
            decimal=decimal,
            bar=bar,
            described=described,
            line=display.line,
            names=lambda students: display.listed(students, most=12, chars=40),
            script=script(),
            policy=policy(),
        )
    )


# ---- the same as CSV ----


def _tables(found: Figures, listed: ClassList) -> dict[str, list[list[object]]]:
    mistakes: list[list[object]] = [["kind", "students", *_interval("share"), "points", "checks", "said"]]
    for one in found.mistakes:
        checks = Whole(" ".join(one.cells))
        mistakes.append([one.kind, one.students, *_ends(one.share), one.points, checks, Whole(one.said)])
    waiting: list[list[object]] = [["why", "points", "checks", "students"]]
    waiting += [[one.why, one.points, Whole(" ".join(one.cells)), Whole("; ".join(one.students))] for one in found.open]
    seconds: list[list[object]] = [["what", "n", "median_s", "p90_s", "most_s", "total_s"]]
    seconds += [[one.what, one.n, one.median, one.p90, one.most, one.total] for one in (*found.seconds, *found.slow_cells)]
    sections: list[list[object]] = [["kind", "name", "students", *_interval("share")]]
    sections += [[one.kind, one.name, one.students, *_ends(one.share)] for one in found.sections]
    return {
        "parts": _items(found.parts),
        "tests": _items(found.cells),
        "mistakes": mistakes,
        "waiting": waiting,
        "seconds": seconds,
        "sections": sections,
        "students": _students(listed),
    }


def _interval(name: str) -> list[str]:
    return [name, f"{name}_low", f"{name}_high", f"{name}_n"]


def _ends(estimate: Estimate) -> list[object]:
    """Four decimals: these are shares and correlations, not points."""
    values = (estimate.value, estimate.low, estimate.high)
    return [*(None if value is None else Figure(f"{value:.4f}") for value in values), estimate.n]


def _items(items: Iterable[Item]) -> list[list[object]]:
    counts = [field.name for field in fields(Counts)]
    estimates = ("facility", "discrimination", "alpha")
    head: list[object] = [
        *("part", "cell", "notebook", "title", "max_points", "optional", "by_hand", *counts, "mean"),
        *(column for name in estimates for column in _interval(name)),
        "warnings",
    ]
    lines = [head]
    for one in items:
        lines.append(
            [
                *(one.part, one.cell, one.notebook, one.title, one.max_points),
                *("yes" if one.optional else "no", "yes" if one.by_hand else "no"),
                *(getattr(one.counts, name) for name in counts),
                one.mean,
                *(column for name in estimates for column in _ends(getattr(one, name))),
                Whole("; ".join(one.warnings)),
            ]
        )
    return lines


def _students(listed: ClassList) -> list[list[object]]:
    lines: list[list[object]] = [
        ["student", "look", "automatic", "bonus", "by_hand", "waiting", "total", "unjudged", "flags", "said"]
    ]
    for row in listed.rows:
        points = (row.automatic, row.bonus, row.hand, row.waiting, row.total, row.unjudged)
        lines.append([row.student, row.look, *points, Whole("; ".join(row.flags)), row.said])
    return lines
