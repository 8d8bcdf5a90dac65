"""An answer as a set of features that a copy of it keeps, each with a weight; and where a feature stands in the text.

Code: its statements in their normal form (`grading.syntax`), each weighing as many nodes as it has. The copy detectors that there
are (copydetect, compare50, Dolos) fingerprint runs of tokens, which a reordered copy breaks, and datasketch's hashes estimate what
a class of a thousand can still count exactly. So the parser that Python brings takes the place of one more dependency.
Text: its shingles (`grading.wording`), runs of five words, each weighing as much as two nodes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass

from grading import display, syntax, wording
from grading.resemblance import Text
from grading.similar.answers import Answer, Given, Handed
from grading.similar.shown import marked_lines, marked_spans

SHINGLE = 5  # words
_SHINGLE_WEIGHT = 2.0
_MOST_CHARS = 20_000  # of a written answer


@dataclass(frozen=True)
class Features:
    """What an answer is compared by.

    Attributes:
        weights: feature -> weight; what stands twice is two features.
        places: feature -> where it stands, lines of code or a stretch of characters.
        text: the text, for the page.
    """

    weights: dict[str, float]
    places: dict[str, tuple[int, int]]
    text: str
    is_code: bool

    def without(self, features: Set[str]) -> dict[str, float]:
        """The weights of what is left when some features say nothing."""
        return {name: weight for name, weight in self.weights.items() if name.partition(":")[0] not in features}

    def shown(self, common: Iterable[str]) -> Text:
        """The text with some features marked."""
        places = sorted(self.places[name] for name in common)
        if self.is_code:
            return marked_lines(self.text, {line for first, last in places for line in range(first, last + 1)})
        return marked_spans(self.text, places)


def of_answer(answer: Answer, handed: Handed) -> Features:
    """The features of one answer."""
    return _of_code(handed.code(answer), answer.text) if answer.is_code else _of_prose(answer.text)


def of_given(given: Given) -> frozenset[str]:
    """The features of what the author gave, and of the author's own answers: they say nothing about two students."""
    found: set[str] = set()
    for text in given.texts:
        found |= {statement.form for statement in syntax.read(text, given.names)}
        found |= {name.partition(":")[0] for name in _of_prose(text).weights}
    return frozenset(found)


def _of_code(statements: Iterable[syntax.Statement], text: str) -> Features:
    weights, places, seen = {}, {}, Counter[str]()
    for statement in statements:
        name = f"{statement.form}:{seen[statement.form]}"
        seen[statement.form] += 1
        weights[name], places[name] = float(statement.size), (statement.first, statement.last)
    return Features(weights, places, text, is_code=True)


def _of_prose(text: str) -> Features:
    shown = display.block(text, chars=_MOST_CHARS, lines=300)
    weights, places, seen = {}, {}, Counter[str]()
    for run in wording.runs(shown, SHINGLE):
        name = f"{run.said}:{seen[run.said]}"
        seen[run.said] += 1
        weights[name], places[name] = _SHINGLE_WEIGHT, (run.start, run.end)
    return Features(weights, places, shown, is_code=False)
