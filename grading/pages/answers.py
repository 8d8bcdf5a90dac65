"""A student's own words, as they stood in the notebook that was graded: shown beside the points and the comment for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from grading import notebook as nb
from grading.marks import Scorecard
from grading.pictures import pasted
from grading.workspace import Workspace


@dataclass(frozen=True)
class Answer:
    """One answer that a person grades.

    Attributes:
        text: Markdown, or code.
        pictures: those that were pasted into it, by the name that the text has for them: type and base64.
        code: it is code.
    """

    text: str
    pictures: dict[str, tuple[str, str]] = field(default_factory=dict)
    code: bool = False


Answers = dict[str, Answer]  # by grade id


def read(card: Scorecard, work: Workspace) -> Answers:
    """The written answers of a student, out of the restored notebooks; none where they are no longer there."""
    found: Answers = {}
    for notebook in _graded(card):
        path = work.restored(card.student, notebook)
        if path.is_file():
            cells = nb.parse(path.read_bytes(), path.name)["cells"]
            found |= {nb.grade_id(cell): _answer(cells, at) for at, cell in enumerate(cells) if nb.is_by_hand(cell)}
    return found


def _answer(cells: list[nb.Cell], at: int) -> Answer:
    """What stands in an answer cell; of a task what the student did below it, code in fences."""
    cell = cells[at]
    if not nb.is_task(cell):
        return Answer(cell["source"], pasted(cell.get("attachments", {})), cell["cell_type"] == "code")
    below = nb.done_below(cells, at)
    texts = (f"```python\n{one['source']}\n```" if one["cell_type"] == "code" else one["source"] for one in below)
    return Answer("\n\n".join(texts), {name: one for cell in below for name, one in pasted(cell.get("attachments", {})).items()})


def _graded(card: Scorecard) -> Iterable[str]:
    """The notebooks that were opened; of another one an older copy may lie there."""
    closed = {*card.unopened, *card.absent}
    return dict.fromkeys(mark.notebook for mark in card.marks if mark.notebook not in closed)
