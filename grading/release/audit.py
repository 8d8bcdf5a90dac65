"""Proves that a hand-out gives nothing away: no line of a solution or hidden test, no marker, no output, no file too many."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grading.records import GradingError
from grading.regions import normalized
from grading.settings import Assignment

_SECRET_LENGTH = 12  # a shorter line ("return x", ")") says nothing about a solution
_SECRET_WORDS = 3  # nor does one with fewer words ("checks.holds(")
_LABEL = re.compile(r"""f?(["'])[^"']{0,30}\1,?""")  # nor a short string on a line of its own, an argument of a check
_MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


class ReleaseError(GradingError):
    """The source is not fit to be released, or the release would give something away."""


@dataclass(frozen=True)
class Leak:
    """A line of a release that should not be there."""

    file: str
    line: int
    text: str
    why: str

    def __str__(self) -> str:
        """One line, file and line number first, as compilers write it."""
        return f"{self.file}:{self.line}: {self.why}: {self.text.strip()[:120]}"


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
        for number, line in enumerate(text.split("\n"), start=1):
            if any(marker in line for marker in _MARKERS):
                leaks.append(Leak(file, number, line, "a marker is left"))
                continue
            whole = _without_spaces(line)  # comments too: a solution that is commented out is still there to read
            if any(secret in whole for secret in secrets):
                leaks.append(Leak(file, number, line, "a line of a solution or hidden test"))
    return leaks


def _without_spaces(line: str) -> str:
    """A line as lines are compared: without spaces and capitals."""
    return re.sub(r"\s+", "", line).casefold()


def audit(folder: Path, assignment: Assignment, secrets: frozenset[str], expected: set[str], beside: Collection[str] = ()) -> None:
    """Prove that a hand-out gives nothing away; `beside` are the files that course.toml names.

    Raises:
        ReleaseError: with the file and the line of everything that was found.
    """
    wanted = {f"{name}.ipynb" for name in assignment.notebooks}
    wheels = {name for name in expected if name.endswith(".whl")}
    pages = {name for name in expected if name.endswith(".html")}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    strangers = there - wanted - wheels - pages - {*beside}
    texts = {name: html.unescape(re.sub(r"<[^>]+>", "", (folder / name).read_text(encoding="utf-8"))) for name in pages}
    leaks = [Leak(name, 0, "", "not on the list of files to release") for name in sorted(strangers)]
    texts |= {name: (folder / name).read_bytes().decode("utf-8", "replace") for name in sorted(beside)}
    for name in sorted(wanted):
        cells, found = _notebook_texts(folder / name, name)
        texts |= cells
        leaks += found
    for name in sorted(wheels):
        contents, found = _wheel_texts(folder / name, name)
        texts |= contents
        leaks += found
    leaks += find_leaks(texts, secrets)
    if leaks:
        raise ReleaseError(
            f"the release of {assignment.name} would give {len(leaks)} thing(s) away; nothing was released",
            got="\n".join(str(leak) for leak in leaks[:20]),
            fix="move the line into a solution or hidden-test region, say it in other words, or, if it gives nothing "
            "away, list it under audit_allow in course.toml",
        )


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
