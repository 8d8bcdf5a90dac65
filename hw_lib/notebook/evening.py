"""The notebook's side of an evening of homework: listens to the cells that run, and speaks below them."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field
from typing import Any

from hw_lib import captions, environment, graded_with, hosted
from hw_lib.notebook import archive, figures, file, messages, table
from hw_lib.notebook.session import Session


@dataclass
class _Evening:
    """The one notebook of this kernel."""

    name: str = ""
    session: Session = field(default_factory=Session)

    def page(self) -> file.Page:
        """The notebook as it was last saved."""
        return file.read(self.name)


_now = _Evening()


def start(name: str) -> None:
    """Listen from here on. To be called in the first cell; a second call changes nothing but the name.

    Args:
        name: the notebook's name without its ending.
    """
    if not environment.grading():  # a grader has its own way, and may have little
        environment.keep_memory()
    listens = bool(_now.name)
    _now.name = name
    shell = _shell()
    if shell is None or listens:
        return
    shell.events.register("pre_run_cell", _begins)
    shell.events.register("post_run_cell", _ran)
    shell.set_custom_exc((Exception,), _raised)
    if graded_with.LIBRARY and _now.page().library not in ("", graded_with.LIBRARY):
        print(messages.OTHER_LIBRARY)  # noqa: T201  better now than in the middle of the evening


def progress() -> None:
    """Print, part by part, what is done, open, not right yet or written, and the points so far."""
    if _shell() is not None:
        print(table.text(table.rows(_now.page(), _now.session)))  # noqa: T201  the table is what was asked for


def hand_in() -> None:
    """Say what is missing, then write the one file to hand in, with what is there."""
    if _shell() is None:
        return
    file.ask(_now.name)
    page = _now.page()
    found = table.rows(page, _now.session)
    print(table.text(found), end="\n\n")  # noqa: T201
    if not page.cells:
        print("Hand in this notebook, and the files that it wrote beside itself.")  # noqa: T201
        return
    problems = table.missing(found)
    if _now.session.unsaved(page):
        problems.insert(0, "the file on disk is older than what you ran: save the notebook, then run this cell again")
    target, inside, lacking = archive.pack(page, _now.name)
    problems += [f"{other}.ipynb belongs to the homework too, and is not in this folder" for other in lacking]
    if problems:
        print("Before you hand in, have a look at this:", *(f"  - {line}" for line in problems), "", sep="\n")  # noqa: T201
    where = page.upload or "where your course collects the homework"
    print(f"{target.name} is written: {', '.join(inside)}.\nUpload this one file {where}.")  # noqa: T201
    hosted.download(target)


_OUTPUT = ("write_output_prompt", "write_format_data")  # how IPython's display hook shows what a cell's last line gave


def _begins(info: Any) -> None:
    """Before a test cell: the points that it gives are not shown as its output; the tick has them."""
    if file.TEST.match((info.raw_cell or "").strip()):
        vars(_kernel().displayhook).update({name: lambda *_, **__: None for name in _OUTPUT})


def _ran(result: Any) -> None:
    """After every cell: remember it; below a test that passed, one quiet line."""
    for name in _OUTPUT:
        vars(_kernel().displayhook).pop(name, None)
    for words in captions.take():
        figures.show(words)
    source = result.info.raw_cell or ""
    error = result.error_before_exec or result.error_in_exec
    run = _now.session.add(source, result.result, error, getattr(error, "_shown_instead", ""))
    said = file.TEST.match(source.strip())
    if said and run.earned is not None:
        full = float(said[1])
        points = f"{full:g}" if run.earned >= full else f"{run.earned:g} of {full:g}"
        print(f"✓ {points} point{'s' * (points != '1')}: {said[2]}")  # noqa: T201  the tick


def _raised(shell: Any, kind: type[BaseException], error: BaseException, trace: Any, tb_offset: int | None = None) -> None:
    """Show an exception of a cell: the message alone where an answer is missing, else the student's own lines."""
    said = messages.unanswered(error, _now.page(), _now.session)
    if said:
        error._shown_instead = said  # type: ignore[attr-defined]  # read again when the cell has ended
        error._render_traceback_ = types.MethodType(lambda _: said.splitlines(), error)  # type: ignore[attr-defined]
    elif not hasattr(error, "_render_traceback_"):
        trace = messages.students_part(trace, _now.page())
        tb_offset = 0 if trace is not error.__traceback__ else tb_offset
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _shell() -> Any:
    """IPython's shell; None outside a notebook, and while nobody reads along."""
    return None if environment.quiet() else _kernel()


def _kernel() -> Any:
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
