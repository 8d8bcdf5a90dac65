"""Which student has which safe name, once and for all: points given by hand lie in the gradebook under that name.

The list is `names.json` in the build folder, one for all assignments, because they share the gradebook. Only added to. Capitals
tell two students apart within one class only: platforms change them from one download to the next.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec
from filelock import FileLock

from grading import display
from grading.collect.handed_in import key
from grading.files import write_text
from grading.records import GradingError

_NAME_CHARS = 80
_PUNCTUATION = frozenset(" _-.@+,()")


class NamesError(GradingError):
    """The list of names is damaged: giving names anew could give one student's points to another."""


def names(path: Path, raw: Iterable[str]) -> dict[str, str]:
    """The safe name of each of these students: the one that was given the first time, else one that nobody ever had.

    Args:
        path: the list, `Workspace.names`; others wait while one collection gives names.
        raw: what the students are called in the source.

    Raises:
        NamesError: the list is damaged.
    """
    wanted = sorted({key(one) for one in raw}, key=lambda one: (safe_name(one) != one, one))
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.lock")):
        known = _read(path)
        given = dict(known)
        taken = {name.casefold() for name in known.values()}
        same = _in_other_capitals(wanted, known)
        for one in wanted:
            if one not in given and one not in same:
                given[one] = _free(safe_name(one), taken)
                taken.add(given[one].casefold())
        if given != known:
            write_text(path, json.dumps(given, indent=1, sort_keys=True) + "\n")  # ASCII: half a character has no UTF-8
    return {one: given[same.get(one, one)] for one in wanted}


def raw_names(path: Path) -> dict[str, list[str]]:
    """What students with a safe name are called in the sources that they were collected from.

    Raises:
        NamesError: the list is damaged.
    """
    found: dict[str, list[str]] = {}
    for raw, name in _read(path).items():
        found.setdefault(name, []).append(raw)
    return found


def note(raw: str, name: str) -> tuple[str, ...]:
    """What a submission says of a name that had to be changed."""
    return () if name == key(raw) else (f"Handed in under the name {display.line(raw, chars=60)!r}.",)


def _in_other_capitals(wanted: list[str], known: dict[str, str]) -> dict[str, str]:
    """The newcomers who are a known student whose name a platform now writes with other capitals -> that student.

    Two who differ in nothing else are two students where both are in the class, or both are known.
    """
    alike: dict[str, set[str]] = {}
    for one in {*wanted, *known}:
        alike.setdefault(one.casefold(), set()).add(one)
    return {
        one: other
        for one in wanted
        if one not in known and len(alike[one.casefold()]) == 2
        for other in alike[one.casefold()] - {one}
        if other in known and other not in wanted
    }


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


def _read(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        known = msgspec.convert(json.loads(path.read_bytes()), dict[str, str])
        if len({name.casefold() for name in known.values()}) < len(known):
            raise ValueError("two students with one name")
        return known
    except (ValueError, RecursionError) as error:
        raise NamesError(
            f"{path} cannot be read",
            expected="the names that students have in the gradebook",
            got=str(error)[:200],
            fix="restore it from a backup; without one remove it, collect again, and compare the names with those in the gradebook",
        ) from None
