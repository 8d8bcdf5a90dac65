"""What a class's results say about its tests, its misconceptions and its time: what the room `stats` finds and the pages show."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Estimate:
    """A figure of a class, with how far chance alone may move it.

    Attributes:
        value: the figure; None where the class is too small or too much alike to say anything.
        low, high: ends of the 95 % interval.
        n: how many students it was taken from.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Counts:
    """How many students stand where with one cell or one part.

    Attributes:
        full, some, none: all points, some, none, of an answer.
        empty: nothing was answered.
        open: a person has to read it, or a check could not be judged.
    """

    full: int = 0
    some: int = 0
    none: int = 0
    empty: int = 0
    open: int = 0

    @property
    def all(self) -> int:
        """Everybody who was asked."""
        return self.full + self.some + self.none + self.empty + self.open


@dataclass(frozen=True)
class Item:
    """One graded cell, or one part.

    Attributes:
        cell: the grade id; empty for a whole part.
        title: what the author calls it; may be empty.
        mean: points, of those who are decided.
        facility: the share of the points that the class earned.
        discrimination: the correlation with the rest of the total, among those who answered.
        alpha: Cronbach's alpha: of a part, of its own cells; of a cell, of all the others.
        warnings: why the author should look at this test, one sentence each.
    """

    part: str
    cell: str
    notebook: str
    title: str
    max_points: float
    optional: bool
    by_hand: bool
    counts: Counts
    mean: float | None
    facility: Estimate
    discrimination: Estimate
    alpha: Estimate
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """What one student's answer came to; nobody says whose."""

    cell: str
    what: str
    expected: str
    got: str


@dataclass(frozen=True)
class Mistake:
    """One thing that cost points, however many checks it shows in.

    Attributes:
        kind: "named" by a test, "stopped" by an error in the student's code, "empty".
        said: the sentence that students read.
        cells: the checks that it showed in.
        students: how many made it.
        share: of those who were asked these checks and are decided.
        points: what it cost the class.
    """

    kind: str
    said: str
    cells: tuple[str, ...]
    students: int
    share: Estimate
    points: float
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Open:
    """What waits for a person, by reason."""

    why: str
    cells: tuple[str, ...]
    students: tuple[str, ...]
    points: float


@dataclass(frozen=True)
class Seconds:
    """Time in the sandbox, of a notebook or of one cell, over the students whose run is kept."""

    what: str
    n: int
    median: float
    p90: float
    most: float
    total: float


@dataclass(frozen=True)
class Section:
    """Some of the students, who have something in common.

    Attributes:
        kind: what: "platform", or the heading of the column that a file gave.
        share: of the required automatic points, the mean of its students.
    """

    kind: str
    name: str
    students: int
    share: Estimate


@dataclass(frozen=True)
class Bin:
    """Students whose share of the required automatic points lies between two ends."""

    low: float
    high: float
    students: int


@dataclass(frozen=True)
class Figures:
    """Everything about one class in one homework.

    Attributes:
        students: how many.
        mean: the share of the required automatic points.
        alpha: Cronbach's alpha of the automatic checks.
        totals: the class by that share.
    """

    students: int
    mean: Estimate
    alpha: Estimate
    totals: tuple[Bin, ...]
    parts: tuple[Item, ...]
    cells: tuple[Item, ...]
    mistakes: tuple[Mistake, ...]
    open: tuple[Open, ...]
    seconds: tuple[Seconds, ...] = ()
    slow_cells: tuple[Seconds, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = field(default=())
