"""What ran in this kernel, in which order, and how the tests ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from hw_lib.errors import read
from hw_lib.notebook.file import TEST, Cell, Page


@dataclass(frozen=True)
class Run:
    """One execution of a cell.

    Attributes:
        earned: what a test gave; None for a cell that is no test, and for a test that did not pass.
        problem: the first line of what went wrong; empty if nothing did.
    """

    source: str
    earned: float | None = None
    problem: str = ""


@dataclass
class Session:
    """All runs since the kernel started, the oldest first."""

    runs: list[Run] = field(default_factory=list)

    def add(self, source: str, value: object, error: BaseException | None, shown: str = "") -> Run:
        """Remember an execution; `value` is what the cell's last line gave, `shown` what stood there in place of its error."""
        test = TEST.match(source.strip())
        problem = read(shown or f"{error}").what or type(error).__name__ if error else ""
        earned = None
        if test and not error:
            full = float(test[1])
            partial = isinstance(value, int | float) and not isinstance(value, bool)
            earned = min(float(value), full) if partial else full  # type: ignore[arg-type]  # a number, as the line above says
        self.runs.append(Run(source.strip(), earned, problem))
        return self.runs[-1]

    def last(self, cell: Cell) -> int | None:
        """The place of the last run of a cell as it stands in the file; None if it did not run."""
        wanted = cell.source.strip()
        return next((k for k in range(len(self.runs) - 1, -1, -1) if self.runs[k].source == wanted), None)

    def unsaved(self, page: Page) -> list[Run]:
        """Runs whose text stands nowhere in the file: it was changed and not saved, or changed again since."""
        written = {cell.source.strip() for cell in page.cells if cell.code}
        return [run for run in self.runs if run.source and run.source not in written]

    def outdated(self, page: Page, test: Cell) -> bool:
        """Whether an answer above a test, of the same part, ran after it: then the test says nothing of that answer."""
        ran, place = self.last(test), page.cells.index(test)
        answers = [cell for cell in page.cells[:place] if cell.code and cell.answer and cell.part == test.part]
        return ran is not None and any((self.last(answer) or -1) > ran for answer in answers)
