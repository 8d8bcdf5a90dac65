"""Proves that a hand-out gives nothing away: no line of an answer or hidden test, no copy of one, no marker, no output.

It reads what lies in the hand-out, whoever made it.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grading.regions import normalized
from grading.release import copies
from grading.release.leak import LeakError, ReleaseError
from grading.release.said import ENCODED, Said, everything, readable
from grading.release.taken import Taken
from grading.resemblance import Leak
from grading.settings import Assignment

__all__ = ["Leak", "ReleaseError", "audit", "find_leaks", "secret_lines"]

_SECRET_LENGTH = 12  # a shorter line ("return x", ")") says nothing about a solution
_SECRET_WORDS = 3  # nor does one with fewer words ("checks.holds(")
_LABEL = re.compile(r"""f?(["'])[^"']{0,30}\1,?""")  # nor a short string on a line of its own, an argument of a check
_RUBRIC = re.compile(r"\*\*Rubric\b")
_MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


def secret_lines(removed: Iterable[str], allowed: Iterable[str] = ()) -> frozenset[str]:
    """The removed lines that would give something away if they stood in a release.

    Short lines, imports and the lines that the author allowed in course.toml are left out.
    """
    allowed_lines = {normalized(line) for line in allowed}
    lines = {normalized(line) for line in removed}
    return frozenset(
        line
        for line in lines
        if len(line) >= _SECRET_LENGTH
        and not line.startswith(("import ", "from "))
        and len(re.findall(r"\w+", line)) >= _SECRET_WORDS
        and not _LABEL.fullmatch(line)
        and line not in allowed_lines
    )


def find_leaks(files: Mapping[str, str], removed: Iterable[str]) -> list[Leak]:
    """Look for markers and removed lines in everything a student will get.

    Args:
        files: name -> text, for every text of the release. A notebook cell is a file of its own ("hw.ipynb[c_text]").
        removed: the secret lines that were taken out, as `secret_lines` returns them.

    Returns:
        What was found, in the order of the files; empty when the release is clean.
    """
    secrets = tuple(_without_spaces(secret) for secret in removed)
    leaks: list[Leak] = []
    for file, text in files.items():
        joined = _without_spaces(text)
        here = [secret for secret in secrets if secret in joined]  # mostly none, and no line has to be looked at
        for number, line in enumerate(text.split("\n"), start=1):
            if any(marker in line for marker in _MARKERS):
                leaks.append(Leak(file, number, line, "a marker is left"))
                continue
            if _RUBRIC.search(line):
                leaks.append(Leak(file, number, line, "a rubric is left"))
                continue
            whole = _without_spaces(line)  # comments too: a solution that is commented out is still there to read
            if any(secret in whole for secret in here):
                leaks.append(Leak(file, number, line, "a line of a solution or hidden test"))
    return leaks


def _without_spaces(line: str) -> str:
    """A line as lines are compared: without spaces and capitals."""
    return re.sub(r"\s+", "", line).casefold()


def audit(folder: Path, assignment: Assignment, secrets: frozenset[str], expected: set[str], taken: Sequence[Taken] = ()) -> None:
    """Prove that a hand-out gives nothing away.

    Args:
        folder: the hand-out.
        assignment: its notebooks, and the lines that may stand in it.
        secrets: lines that must not stand in it, as `secret_lines` returns them.
        expected: the names of its files.
        taken: what was taken out of the sources; no copy of it may be there.

    Raises:
        LeakError: with the file and the line of everything that was found.
    """
    wanted = {f"{name}.ipynb" for name in assignment.notebooks}
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    leaks = [Leak(name, 0, "", "not on the list of files to release") for name in sorted(files.keys() - expected - wanted)]
    texts: dict[str, str] = {}
    for name in sorted(files.keys() & (expected | wanted)):
        contents, found = _texts(files[name], name, name in wanted)
        texts |= contents
        leaks += found
    said = everything(texts)
    leaks += _with_origins(_whole_lines(said, secrets), taken)
    leaks += copies.find(said, taken, assignment.audit_allow)
    if leaks:
        once = {(leak.file, leak.line, leak.origin): leak for leak in reversed(leaks)}  # of several reasons the first
        raise LeakError(assignment.name, [once[key] for key in sorted(once)])


def _whole_lines(said: Sequence[Said], secrets: frozenset[str]) -> Iterator[Leak]:
    """Lines that are in the texts themselves, or in what is written in them in another way; a comment is a line of its file."""
    keyed = {str(at): each for at, each in enumerate(said) if each.how in ("", *ENCODED) and (each.how or each.line == 1)}
    for leak in find_leaks({at: each.text for at, each in keyed.items()}, secrets):
        each = keyed[leak.file]
        why = f"{leak.why}, {each.how}" if each.how else leak.why
        yield replace(leak, file=each.file, line=each.at(leak.line), why=why)


def _with_origins(leaks: Iterable[Leak], taken: Iterable[Taken]) -> Iterator[Leak]:
    """Whole lines that were found, with the places that they were taken out of."""
    places = [
        (_without_spaces(normalized(line)), f"{one.place}:{at}", line)
        for one in taken
        for at, line in enumerate(one.lines, one.first)
        if secret_lines([line])
    ]
    for leak in leaks:
        whole = _without_spaces(leak.text)
        place, line = next(((place, line) for secret, place, line in places if secret in whole), ("", ""))
        yield replace(leak, origin=place, original=line)


def _texts(path: Path, name: str, is_ours: bool) -> tuple[dict[str, str], list[Leak]]:
    """What a file of the hand-out says, cell by cell or member by member, and what has no business in it."""
    if is_ours:
        return _notebook_texts(path, name)
    if name.endswith(".whl"):
        return _wheel_texts(path, name)
    text = "\n".join(readable(path.read_bytes()))
    return {name: html.unescape(re.sub(r"<[^>]+>", "", text)) if name.endswith(".html") else text}, []


def _notebook_texts(path: Path, name: str) -> tuple[dict[str, str], list[Leak]]:
    """Every cell as a text of its own, and the cells that still carry outputs."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    texts, leaks = {f"{name} metadata": "\n".join(_words(raw["metadata"]))}, []
    for cell in raw["cells"]:
        texts[f"{name}[{cell['id']}]"] = "".join(cell["source"])
        texts[f"{name}[{cell['id']}] metadata"] = "\n".join(_words([cell["metadata"], cell.get("attachments")]))
        if cell.get("outputs") or cell.get("execution_count") is not None:
            leaks.append(Leak(f"{name}[{cell['id']}]", 0, "", "an output or execution count is left"))
    return texts, leaks


def _words(value: object) -> Iterator[str]:
    """Every text inside JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _words([*value, *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _belongs(member: str) -> bool:
    """Whether a wheel of hw_lib may hold a file: modules and data of the library, no caches, and what a wheel says of itself."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in member.split("/"))
    return ".dist-info/" in member or (member.startswith("hw_lib/") and not hidden and not member.endswith((".pyc", ".pyo")))


def _wheel_texts(path: Path, name: str) -> tuple[dict[str, str], list[Leak]]:
    """Every file of a wheel as text, and the files that have no business in it."""
    texts, leaks = {}, []
    with zipfile.ZipFile(path) as wheel:
        for member in sorted(wheel.namelist()):
            if not _belongs(member):
                leaks.append(Leak(f"{name}/{member}", 0, "", "not on the list of files to release"))
            texts[f"{name}/{member}"] = wheel.read(member).decode("utf-8", "replace")
    return texts, leaks
