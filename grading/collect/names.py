"""Which student has which safe name, once and for all: points given by hand lie in the gradebook under that name.

The list is `names.json` in the build folder, one for all assignments, because they share the gradebook. Only added to.
"""

from __future__ import annotations

import ast
import fcntl
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grading import display
from grading.collect.handed_in import key
from grading.files import write_text
from grading.records import GradingError, Submission, load

_NAME_CHARS = 80
_PUNCTUATION = frozenset(" _-.@+,()")
_HANDED_IN_AS = "Handed in under the name "


class RosterError(GradingError):
    """The list of names is damaged: giving names anew could give one student's points to another."""


def names(build: Path, raw: Iterable[str]) -> dict[str, str]:
    """The safe name of each of these students: the one that was given the first time, else one that nobody ever had."""
    wanted = sorted({key(one) for one in raw}, key=lambda one: (safe_name(one) != one, one))
    with _turn(build):
        known = _read(build)
        given = dict(known)
        taken = {name.casefold() for name in known.values()}
        for one in wanted:
            if one not in given:
                given[one] = _free(safe_name(one), taken)
                taken.add(given[one].casefold())
        if given != known:
            write_text(_path(build), json.dumps(given, indent=1, sort_keys=True) + "\n")  # ASCII: half a character has no UTF-8
    return {one: given[one] for one in wanted}


def note(raw: str, name: str) -> tuple[str, ...]:
    """What a submission says of a name that had to be changed."""
    return () if name == key(raw) else (f"{_HANDED_IN_AS}{display.line(raw, chars=60)!r}.",)


def safe_name(raw: str) -> str:
    """A student's name as a file name: letters of every script stay, what a path, a shell or a page could trip over goes."""
    text = key(raw)[:500]
    text = "".join(char if char in _PUNCTUATION or unicodedata.category(char)[0] in "LMN" else "_" for char in text)
    text = re.sub(r"\.{2,}", ".", text)[:_NAME_CHARS].strip(" .").lstrip("-.@+ ")
    text = text.encode()[:180].decode(errors="ignore").rstrip(" .")
    # Stages write x.json and index.html beside the students' folders: nobody may be called that.
    return re.sub(r"(?i)\.(json|html|ipynb)$", r"_\1", text) or "student"


def _free(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name.casefold() in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name


# ---- the list ----


def _path(build: Path) -> Path:
    return build / "names.json"


def _read(build: Path) -> dict[str, str]:
    path = _path(build)
    if not path.is_file():
        return _of_records(build)
    try:
        known = msgspec.convert(json.loads(path.read_bytes()), dict[str, str])
        if len({name.casefold() for name in known.values()}) < len(known):
            raise ValueError("two students with one name")
        return known
    except (ValueError, RecursionError) as error:
        raise RosterError(
            f"{path} cannot be read",
            expected="the names that students have in the gradebook",
            got=str(error)[:200],
            fix="restore it from a backup; without one remove it, and it is made anew from what was collected",
        ) from None


def _of_records(build: Path) -> dict[str, str]:
    """The names that are in use in a build folder that was begun before the list was kept."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for path in sorted(build.glob("*/collect/*.json")):
        try:
            record = load(path, Submission)
        except (OSError, msgspec.DecodeError):
            continue
        name = record.student.casefold()
        if name not in taken and key(_raw(record)) not in found:
            found[key(_raw(record))] = record.student
            taken.add(name)
    return found


def _raw(record: Submission) -> str:
    """How a recorded student was called in the source: the first note tells it where it is not the student's name."""
    first = record.notes[0] if record.notes else ""
    if not first.startswith(_HANDED_IN_AS):
        return record.student
    try:
        raw = ast.literal_eval(first.removeprefix(_HANDED_IN_AS).removesuffix("."))
    except (ValueError, SyntaxError):
        return record.student
    return raw if isinstance(raw, str) else record.student


@contextmanager
def _turn(build: Path) -> Iterator[None]:
    """Wait until no other collection gives names."""
    build.mkdir(parents=True, exist_ok=True)
    with (build / "names.json.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
