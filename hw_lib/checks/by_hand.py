"""Whether an answer keeps to the tools that its task allows, as far as its text says.

The text is read, never run. Followed are imports and their other names, the student's own functions, classes and variables, and the
files beside the notebook. What an answer computes while it runs (`getattr` with a name put together from pieces, `eval`, a file
that was not handed in) no reader can follow: while grading, an answer that leads there is for a person.
"""

from __future__ import annotations

import fnmatch
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hw_lib.checks.reading import UNREAD, Module, module, reached
from hw_lib.errors import CheckFailed, NeedsPerson

_MOST = 300  # names to follow; a notebook has fewer, and a text that has no end must not hang a cell
# of Python's own: what gives access to any other module
_ANY_MODULE = ("importlib", "builtins", "runpy", "gc", "inspect", "ctypes", "pickle", "marshal", "sys.modules", "sys._getframe")


@dataclass(frozen=True)
class Texts:
    """What a student wrote.

    Attributes:
        cells: the code cells that stand before the test, in the order in which they ran; their magics as IPython rewrites them.
            None stands for one that ran and cannot be read.
        files: the Python files beside the notebook, relative path -> text.
    """

    cells: tuple[str | None, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


def written_by_hand(
    name: str, answer: Any, *, without: Sequence[str] = (), only: Sequence[str] | None = None, fix: str = "write this part yourself"
) -> None:
    """Check that an answer does not lean on what its task forbids.

    In a student's notebook the cells are those that ran so far; while grading, the text of the submission.

    Args:
        name: what the answer is called in the notebook; everything that it uses is followed from there.
        answer: the function or class itself.
        without: patterns of dotted names that it may not use, large and small letters alike: "torch.*dropout*".
        only: the packages that it may use besides Python's own; every other one is forbidden. None allows all.
        fix: what the student is to do instead.

    Raises:
        CheckFailed: it uses one of them; the message says where.
        NeedsPerson: while grading, its text does not say all that it uses.
    """
    brought = getattr(answer, "remote_texts", None)  # a grader's proxy brings the text of the submission
    texts = Texts(tuple(brought["cells"]), brought["files"]) if brought else _here(sys._getframe(1).f_globals)
    unread = ""
    for used, line in uses(name, texts):
        if used == UNREAD:
            unread = unread or line
        elif any(fnmatch.fnmatchcase(used.lower(), pattern.lower()) for pattern in without) or not _allowed(used, only):
            raise CheckFailed(
                f"{name} uses {used}, which this task does not allow",
                expected=f"{' and '.join(only)} only, and Python itself" if only else f"an answer without {', '.join(without)}",
                got=line,
                fix=fix,
            )
    if brought and unread:
        raise NeedsPerson(
            f"what {name} uses cannot be read from its text; a person will look at it",
            expected="an answer that names what it uses",
            got=unread,
        )


def uses(name: str, texts: Texts) -> Iterator[tuple[str, str]]:
    """Every dotted name of a library that an answer reaches, each with the line that says so; UNREAD where more may be behind one.

    Args:
        name: where to begin.
        texts: what the student wrote.
    """
    files = {_module_name(path): text for path, text in texts.files.items()}
    packages = {_module_name(path): _module_name(f"{path.rpartition('/')[0]}.py") for path in texts.files}
    read: dict[str, Module] = {"": module(texts.cells)}
    todo, seen = [("", name)], set[tuple[str, str]]()
    top = read[""]
    if name not in top.bound and name not in top.names and not any(star.startswith("*") for star in top.names):
        yield UNREAD, top.unread or f"no statement gives {name} a value"
    while todo and len(seen) < _MOST:
        where, word = todo.pop()
        if (where, word) in seen:
            continue
        seen.add((where, word))
        for used, line, own in reached(read[where], word):
            if own:
                todo.append((where, used))
            elif (found := _file_of(used, files)) is None:
                yield used, line
                if used != UNREAD and _leads_anywhere(used):
                    yield UNREAD, line
            else:
                file, rest = found
                if file not in read:
                    read[file] = module([files[file]], packages[file])
                todo += [(file, rest)] if rest else [(file, each) for each in read[file].bound]
    if todo:
        yield UNREAD, f"more than {_MOST} names"
    yield from ((UNREAD, each.unread) for each in read.values() if each.unread)


def _leads_anywhere(used: str) -> bool:
    """Whether a dotted name gives access to all others, or is of a package that is not here: a file that was made or left out."""
    top = used.partition(".")[0]
    if any(f"{used}.".startswith(f"{name}.") for name in _ANY_MODULE):
        return True
    try:
        return top not in sys.stdlib_module_names and importlib.util.find_spec(top) is None
    except (ImportError, ValueError, AttributeError):  # "__main__", and what has no specification
        return True


def _allowed(used: str, only: Sequence[str] | None) -> bool:
    top = used.partition(".")[0]
    return only is None or top in only or top in sys.stdlib_module_names


def _here(names: dict[str, Any]) -> Texts:
    """The cells that this notebook ran, as IPython keeps them, and the files beside it; nothing where there are none."""
    ran = names.get("In")
    cells = tuple(text for text in ran if isinstance(text, str)) if isinstance(ran, list) else ()
    paths = sorted(path for path in Path().rglob("*.py") if not path.is_relative_to("hw_lib")) if cells else []
    return Texts(cells, {path.as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in paths[:_MOST]})


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _file_of(used: str, files: dict[str, str]) -> tuple[str, str] | None:
    """The file beside the notebook that a dotted name lies in, and the name there; None for a library's."""
    parts = used.split(".")
    for n in range(len(parts), 0, -1):
        if (file := ".".join(parts[:n])) in files:
            return file, ".".join(parts[n : n + 1])
    return None
