"""What was taken out of the sources, found again in a hand-out under other names, in parts, in other words' company. Pure.

Code: a statement in its normal form (`grading.syntax`), where names do not count, that says enough by itself; or most of a stretch,
close together, that says enough as a whole. Prose: eight words in a row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from grading import syntax, wording
from grading.release.said import Said
from grading.release.taken import LEAST_WORDS, Taken, read
from grading.resemblance import Leak

# Measured on seven assignments: what given cells, visible tests and the library have in common with answers and hidden tests tells
# at most 4 a statement, but for lines that a test runs again and a helper that a notebook gives.
_TELLING = 5  # of one statement
TOGETHER, _SHARE = 4, 0.9  # of a stretch, and how much of it has to be there
_REMEMBERED = 100_000  # characters; a longer text, a table of data, is read once and not kept
_SCATTER = 10  # lines that may stand between, besides as many as the stretch has

_Hit = tuple[syntax.Statement, syntax.Statement]  # as it stands in the hand-out, and in the source


def find(texts: Iterable[Said], taken: Sequence[Taken], allowed: Iterable[str]) -> list[Leak]:
    """Every copy, one leak for each text and stretch.

    Args:
        texts: what the hand-out says.
        taken: what it must not say.
        allowed: lines that give nothing away; what has their form, or their words, gives nothing away either.
    """
    allowed = list(allowed)
    forms, words = _allowed_forms(allowed), {run.said for line in allowed for run in wording.runs(line, LEAST_WORDS)}
    by_form: dict[str, list[tuple[Taken, syntax.Statement]]] = defaultdict(list)
    for one in taken:
        for statement in one.statements:
            if statement.form not in forms:
                by_form[statement.form].append((one, statement))
    by_words = {said: one for one in reversed(taken) for said in one.sentences if said not in words}
    return [leak for said in texts for leak in (*_code(said, by_form), *_prose(said, by_words))]


def _allowed_forms(allowed: Iterable[str]) -> set[str]:
    """The forms of lines, the heads of loops and the like with a body put in."""
    frames = ("{}", "{}\n    pass", "try:\n    pass\n{}\n    pass")
    trees = ([read(frame.format(line.strip())) for frame in frames] for line in allowed)
    return {statement.form for tried in trees for statement in next(filter(None, tried), ())}


def _code(said: Said, by_form: Mapping[str, Sequence[tuple[Taken, syntax.Statement]]]) -> Iterator[Leak]:
    hits: dict[Taken, list[_Hit]] = defaultdict(list)
    for statement in read(said.text):
        for taken, original in by_form.get(statement.form, ()):
            hits[taken].append((statement, original))
    for taken, found in hits.items():
        telling = [hit for hit in found if hit[0].telling >= _TELLING]
        if copied := _near(taken, telling, telling[0]) if telling else _together(taken, found):
            yield _leak(said, taken, copied)


def _together(taken: Taken, hits: Sequence[_Hit]) -> list[_Hit]:
    """The hits that are most of a stretch, close together; none if the stretch says too little, or is not there."""
    if sum(statement.telling for statement in taken.statements) < TOGETHER:
        return []
    whole = sum(statement.size for statement in taken.statements)
    sizes, asked = {each.form: each.size for each in taken.statements}, Counter(each.form for each in taken.statements)
    for hit in hits:
        near = _near(taken, hits, hit)
        there = Counter(statement.form for statement in {each for each, _ in near})
        if sum(sizes[form] * min(there[form], count) for form, count in asked.items()) >= _SHARE * whole:
            return near
    return []


def _near(taken: Taken, hits: Iterable[_Hit], first: _Hit) -> list[_Hit]:
    """The hits that stand as close behind the first one as those of one copy would."""
    return [hit for hit in hits if 0 <= hit[0].first - first[0].first <= 2 * len(taken.lines) + _SCATTER]


def _leak(said: Said, taken: Taken, hits: Sequence[_Hit]) -> Leak:
    """The stretch of the hand-out from the first hit to the last, and the author's."""
    here, there = [hit[0] for hit in hits], [hit[1] for hit in hits]
    first, last = min(each.first for each in here), max(each.last for each in here)
    begin, end = min(each.first for each in there), max(each.last for each in there)
    what = "a hidden test" if taken.is_test else "an answer"
    why = f"{what} but for its names" + (f", {said.how}" if said.how else "")
    return Leak(said.file, said.at(first), said.lines(first, last), why, f"{taken.place}:{begin}", taken.at(begin, end))


def _prose(said: Said, by_words: Mapping[str, Taken]) -> Iterator[Leak]:
    if len(said.text) < _REMEMBERED and by_words.keys().isdisjoint(_said_in(said.text)):
        return
    found: dict[Taken, list[wording.Run]] = defaultdict(list)
    for run in wording.runs(said.text, LEAST_WORDS):
        if run.said in by_words:
            found[by_words[run.said]].append(run)
    for taken, runs in found.items():
        line, text = said.text.count("\n", 0, runs[0].start) + 1, said.text[runs[0].start : runs[-1].end]
        begin = taken.sentences[runs[0].said]
        why = f"words of an answer or a rubric{f', {said.how}' if said.how else ''}"
        yield Leak(said.file, said.at(line), text, why, f"{taken.place}:{begin}", taken.at(begin, begin))


@lru_cache(maxsize=8192)  # as `read`
def _said_in(text: str) -> frozenset[str]:
    return frozenset(run.said for run in wording.runs(text, LEAST_WORDS))
