"""The answers of a class, compared with one another cell by cell -> pairs and groups of students. Pure.

What the homework gives, what the author's own answer has and what many of the class have says nothing and is left out. Two
answers are alike when enough is left and most of it is in both; two students are a pair when their alike answers together are
enough. The bounds are measured (tests/grading/similar): no pair among independent right answers, and copies that rename and
reorder are found.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.resemblance import AlikeCell, Group, Pair, Resemblances, SameEvidence
from grading.similar.answers import Given, Handed
from grading.similar.features import Features, of_answer, of_given
from grading.similar.library import Library

# what a feature weighs is in nodes of a syntax tree: `out = x * mask` has six
LEAST_COMMON, CODE_SHARE, PROSE_SHARE = 20.0, 0.8, 0.5  # shares of the larger of two answers; one other word ends five shingles
ENOUGH_COMMON = 40.0  # from here on the same share of the smaller one is enough: the other may have added to it
LEAST_WEIGHT = 40.0  # of all alike answers of a pair, what others have as well counted for less
_DOUBLING, _SMALL = 10.0, 50  # more for each doubling of the class beyond 50 students: chance has the square of it to choose from
_FEW, _MANY = 5, 0.1  # what more than so many students have, and more than this share of the class, is common
_CANDIDATES = 40  # students that may share a feature for it to make them candidates
_OWN = ""  # the cell of everything that a student wrote in cells and files of their own

Unit = tuple[str, str]  # notebook and cell


@dataclass(frozen=True)
class _Side:
    """One student's answer to one cell: its features, and the weights of those that say something."""

    features: Features
    weights: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.weights.values())


@dataclass(frozen=True)
class _Cell:
    """One cell of the class.

    Attributes:
        sides: student -> answer.
        rarity: feature -> from 1, where only two students have it, down to 0.
    """

    sides: dict[str, _Side]
    rarity: dict[str, float]


def resemblances(
    handed: Sequence[Handed], given: Iterable[Given], library: Library, evidence: Iterable[SameEvidence]
) -> Resemblances:
    """Everything that is alike in a class.

    Args:
        handed: what the students wrote, one for each student and notebook.
        given: what the author gave, one for each notebook.
        library: the functions that are hw_lib's.
        evidence: the records and weights that students share.
    """
    pairs, groups, more = compare(handed, {each.name: of_given(each) for each in given})
    copies = tuple(copy for each in handed for copy in library.copies(each))
    students, answers = len({each.student for each in handed}), sum(len(each.answers) for each in handed)
    return Resemblances(students, answers, copies, tuple(evidence), tuple(groups), tuple(pairs), more)


def compare(handed: Iterable[Handed], given: Mapping[str, frozenset[str]], most: int = 200) -> tuple[list[Pair], list[Group], int]:
    """Find students whose answers are alike.

    Args:
        handed: what the students wrote, one for each student and notebook.
        given: notebook -> the features of what the author gave (`features.of_given`).
        most: how many pairs are worked out with their texts.

    Returns:
        The pairs, the most alike first; all groups; and how many more pairs there are.
    """
    handed = list(handed)
    cells = {unit: _cell(sides, given.get(unit[0], frozenset())) for unit, sides in _units(handed).items()}
    least = LEAST_WEIGHT + _DOUBLING * max(0.0, math.log2(max(1, len({each.student for each in handed})) / _SMALL))
    found: dict[tuple[str, str], list[tuple[Unit, float]]] = defaultdict(list)
    for unit, cell in cells.items():
        for left, right in _candidates(cell):
            if weight := _weight(cell, left, right):
                found[left, right].append((unit, weight))
    weights = {pair: sum(weight for _, weight in alike) for pair, alike in found.items()}
    ordered = sorted((pair for pair in weights if weights[pair] >= least), key=lambda pair: (-weights[pair], pair))
    shown = [Pair(*pair, weights[pair], tuple(_shown(cells, found[pair], *pair))) for pair in ordered[:most]]
    return shown, _groups(ordered), max(0, len(ordered) - most)


def _units(handed: Iterable[Handed]) -> dict[Unit, dict[str, Features]]:
    """Every cell of every notebook, with the answers that were given there."""
    found: dict[Unit, dict[str, Features]] = defaultdict(dict)
    for each in handed:
        for answer in each.answers:
            if answer.cell != _OWN:
                found[each.notebook, answer.cell][each.student] = of_answer(answer, each)
        own = [of_answer(answer, each) for answer in each.answers if answer.cell == _OWN and answer.is_code]
        if own:
            found[each.notebook, _OWN][each.student] = _joined(own)
    return found


def _joined(parts: list[Features]) -> Features:
    """Several texts of code as one, one below the other."""
    weights: dict[str, float] = {}
    places: dict[str, tuple[int, int]] = {}
    seen: Counter[str] = Counter()
    above = 0
    for part in parts:
        for name, weight in part.weights.items():
            form = name.partition(":")[0]
            first, last = part.places[name]
            again = f"{form}:{seen[form]}"
            seen[form] += 1
            weights[again], places[again] = weight, (first + above, last + above)
        above += part.text.count("\n") + 2
    return Features(weights, places, "\n\n".join(part.text for part in parts), is_code=True)


def _cell(features: Mapping[str, Features], given: frozenset[str]) -> _Cell:
    specific = {student: each.without(given) for student, each in features.items()}
    holders = Counter(name for weights in specific.values() for name in weights)
    common = max(_FEW, _MANY * len(features))
    kept = {name: count for name, count in holders.items() if count <= common}
    sides = {
        student: _Side(features[student], {name: weight for name, weight in weights.items() if name in kept})
        for student, weights in specific.items()
    }
    return _Cell(sides, {name: _rarity(count, len(features)) for name, count in kept.items() if count > 1})


def _rarity(holders: int, students: int) -> float:
    return math.log(students / holders) / math.log(students / 2) if students > 2 else 1.0


def _candidates(cell: _Cell) -> Iterator[tuple[str, str]]:
    """Students who share something that few have."""
    holders: dict[str, list[str]] = defaultdict(list)
    for student in sorted(cell.sides):
        for name in cell.sides[student].weights:
            if name in cell.rarity:
                holders[name].append(student)
    seen: set[tuple[str, str]] = set()
    for students in holders.values():
        if len(students) <= _CANDIDATES:
            seen |= {(left, right) for at, left in enumerate(students) for right in students[at + 1 :]}
    yield from sorted(seen)


def _weight(cell: _Cell, left: str, right: str) -> float:
    """What two answers have in common, what others have too counted for less; 0 where they are not alike."""
    one, other = cell.sides[left], cell.sides[right]
    both = one.weights.keys() & other.weights.keys()
    common = sum(one.weights[name] for name in both)
    least, most = sorted((one.total, other.total))
    share = CODE_SHARE if one.features.is_code else PROSE_SHARE
    if common >= LEAST_COMMON and (common >= share * most or (common >= ENOUGH_COMMON and common >= share * least)):
        return sum(one.weights[name] * cell.rarity[name] for name in both)
    return 0.0


def _shown(cells: Mapping[Unit, _Cell], alike: Iterable[tuple[Unit, float]], left: str, right: str) -> Iterator[AlikeCell]:
    """The texts of a pair's alike answers, the weightiest first."""
    for unit, _ in sorted(alike, key=lambda each: -each[1]):
        one, other = cells[unit].sides[left], cells[unit].sides[right]
        both = one.features.weights.keys() & other.features.weights.keys()
        specific = one.weights.keys() & other.weights.keys()
        share = sum(one.weights[name] for name in specific) / max(one.total, other.total)
        yield AlikeCell(*unit, share, one.features.shown(both), other.features.shown(both), one.features.is_code)


def _groups(pairs: Iterable[tuple[str, str]]) -> list[Group]:
    """Students who are connected, however many steps apart; the largest groups first."""
    root: dict[str, str] = {}

    def top(student: str) -> str:
        while root.setdefault(student, student) != student:
            root[student] = student = root[root[student]]
        return student

    pairs = list(pairs)
    for left, right in pairs:
        root[top(left)] = top(right)
    members: dict[str, list[str]] = defaultdict(list)
    for student in sorted(root):
        members[top(student)].append(student)
    count = Counter(top(left) for left, _ in pairs)
    return sorted((Group(tuple(names), count[name]) for name, names in members.items()), key=lambda group: -len(group.students))
