"""Where the names of a test cell come from: imported, given by the author, or the student's. Pure text.

Only what the author wrote counts: the last cell before the test that binds a name decides. What a student binds to a given name
in a cell behind it means nothing to a test.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from grading import notebook as nb
from grading.execute.magics import transformed
from grading.execute.statements import Kind, Statement, bound, statements, used

# networks and their gradients do not cross processes: in a notebook that imports this, helpers run beside the student's objects
_STAYS = "torch"


@dataclass(frozen=True)
class Inputs:
    """Where the names of one test come from.

    Attributes:
        remote: names that the student's process is asked for.
        imports: import statements that the trusted process runs itself, whatever those names mean to the student.
        given: the author's own statements that the trusted process runs, in this order; names of `remote` are in their reach.
        makes: the names that these statements bind.
        beside: the author's own statements that run in the copy of the student's process before its names are asked for.
    """

    remote: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def find(source: nb.Notebook, theirs: Collection[str] = ()) -> dict[str, Inputs]:
    """Where the names of every automatic test cell of an author's notebook come from, by cell id.

    Args:
        source: the author's notebook.
        theirs: modules that students write; what is imported of them is the student's, as an answer is.

    Raises:
        SyntaxError: a cell is no Python, and does not say by its tag that it raises on purpose.
    """
    before: list[Statement] = []
    found: dict[str, Inputs] = {}
    for cell in source["cells"]:
        if cell["cell_type"] != "code":
            continue
        try:
            code = transformed(cell["source"])
            ast.parse(code)
        except SyntaxError as error:
            if nb.raises(cell):
                continue  # it shows on purpose what Python says
            raise SyntaxError(f"cell {cell['id']} is no Python: {error.msg}, line {error.lineno}") from None
        if nb.is_test(cell):
            beside = any(_STAYS in made.roots for made in before)
            found[cell["id"]] = _Resolution(before, used(code), beside=beside).inputs()
            before.append(Statement(code, Kind.TEST, bound(code)))
        else:
            made = statements(code, answer=nb.is_solution(cell))
            before += [replace(one, kind=Kind.ANSWER) if one.roots & {*theirs} else one for one in made]
    return found


class _Resolution:
    """The names of one test, followed back through the statements before it."""

    def __init__(self, before: Sequence[Statement], names: frozenset[str], *, beside: bool) -> None:
        self._before, self._beside = before, beside
        self._given: dict[int, bool] = {}
        self._here: set[int] = set()  # places of the statements that the trusted process runs
        self._there: set[int] = set()  # … that run beside the student's objects
        self._imports: set[int] = set()
        self._remote: set[str] = set()
        for name in sorted(names):
            self._need(name)

    def inputs(self) -> Inputs:
        """What was found, each in the author's order."""
        here, there, imports = ([self._before[at] for at in sorted(places)] for places in (self._here, self._there, self._imports))
        makes = {name for made in here for name in made.binds}
        return Inputs(
            tuple(sorted(self._remote - makes)),
            tuple(sorted({made.code for made in imports})),
            tuple(made.code for made in here),
            tuple(sorted(makes)),
            tuple(made.code for made in there),
        )

    def _need(self, name: str) -> None:
        """A name that the test itself reads."""
        at = self._binding(name, len(self._before))
        if at is None:
            return
        if self._before[at].kind is Kind.IMPORT:
            self._imports.add(at)
            return
        if not self._is_given(at):
            self._remote.add(name)
            return
        places, asked = self._reach(at)
        if self._beside:
            self._remote.add(name)
            self._there |= places
        else:
            imports = {place for place in places if self._before[place].kind is Kind.IMPORT}
            self._imports |= imports
            self._here |= places - imports
            self._remote |= asked

    def _binding(self, name: str, end: int) -> int | None:
        """The last statement before `end` that binds a name; none where a test did, whose names are its own."""
        for at in range(end - 1, -1, -1):
            if name in self._before[at].binds:
                return None if self._before[at].kind is Kind.TEST else at
        return None

    def _is_given(self, at: int) -> bool:
        """Whether a statement is the author's, and no answer of the student's has a part in what it makes."""
        made = self._before[at]
        if made.kind is not Kind.VALUE:
            return made.is_of_the_author
        if at not in self._given:
            self._given[at] = True  # until the names that it leads to say otherwise; they may lead back here
            self._given[at] = not self._closure(at)[1]
        return self._given[at]

    def _reach(self, at: int) -> tuple[set[int], set[str]]:
        """What a statement leads to; where it reads `globals()`, to the student's names in strings as well."""
        places, asked = self._closure(at)
        looks_up = any(self._before[place].looks_up for place in places)
        return self._closure(at, strings=True) if looks_up else (places, asked)

    def _closure(self, at: int, *, strings: bool = False) -> tuple[set[int], set[str]]:
        """The given statements that a statement leads to, itself included, and the names in them that are the student's."""
        places: set[int] = set()
        asked: set[str] = set()
        todo = [at]
        while todo:
            place = todo.pop()
            if place in places:
                continue
            places.add(place)
            made = self._before[place]
            end = len(self._before) if made.kind is Kind.DEFINITION else place  # a function reads names when it is called
            for name in made.uses | made.strings if strings else made.uses:
                other = self._binding(name, end)
                if other is not None and not self._is_given(other):
                    asked.add(name)
                elif other is not None and name in made.uses:
                    todo.append(other)
        return places, asked
