"""What lies beside the notebooks of an assignment: data, pictures and helpers of the author's, and files that students change.

`files` in course.toml are handed out as they are, and stand beside a notebook when it is graded, whatever a student handed in
under their names. `student_files` are handed out without the author's solutions, and the student's own are graded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from grading import notebook as nb
from grading import regions
from grading.course import Course
from grading.records import GradingError
from grading.settings import Assignment

_MOST_MB = 40  # together: they travel with every submission
_MARKDOWN = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|!\[[^\]]*\]\[([^\]]+)\]")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]]+)\]:\s*<?([^\s>]+)", re.MULTILINE)
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]+`", re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


class SuppliesError(GradingError):
    """A file that course.toml names is not there, or may not be given out under its name."""


@dataclass(frozen=True)
class Supplies:
    """Relative file name -> content.

    Attributes:
        given: the author's, for everybody.
        students: those that students change, as the author has them.
        released: the same as students get them.
        removed: the lines that were taken out between the two.
    """

    given: Mapping[str, bytes] = field(default_factory=dict)
    students: Mapping[str, bytes] = field(default_factory=dict)
    released: Mapping[str, bytes] = field(default_factory=dict)
    removed: tuple[str, ...] = ()

    @property
    def handed_out(self) -> dict[str, bytes]:
        """What students find beside their notebooks."""
        return {**self.given, **self.released}

    @property
    def of_the_author(self) -> dict[str, bytes]:
        """What stands beside the author's own notebook when it is run."""
        return {**self.given, **self.students}


def read(course: Course, assignment: Assignment) -> Supplies:
    """Read the files of an assignment.

    Raises:
        SuppliesError: one is not there, is named twice, is too large, or has a name that a hand-out needs for something else.
        StripError: the solution markers of a student's file do not pair up.
    """
    folder = course.notebooks / assignment.name
    given, students = (dict(_found(folder, patterns)) for patterns in (assignment.files, assignment.student_files))
    for name in (*given, *students):
        _refuse_name(name, assignment)
    if twice := sorted(given.keys() & students.keys()):
        fix = "leave it in the list of those who may change it"
        raise SuppliesError("course.toml names a file twice", expected="under files or under student_files", got=twice[0], fix=fix)
    size = sum(map(len, (*given.values(), *students.values())))
    if size > _MOST_MB * 1_000_000:
        got = f"{size / 1e6:,.0f} MB in {len(given) + len(students)} files"
        fix = "have the notebook make or download what is large"
        raise SuppliesError(f"the files of {assignment.name} are too large", expected=f"{_MOST_MB} MB", got=got, fix=fix)
    stripped = {name: _stripped(name, data) for name, data in students.items()}
    released = {name: data for name, (data, _) in stripped.items()}
    return Supplies(given, students, released, tuple(line for _, lines in stripped.values() for line in lines))


def modules(assignment: Assignment) -> frozenset[str]:
    """The Python modules that are the students': what a notebook imports of them a test asks the student's process for."""
    return frozenset(PurePosixPath(pattern).parts[0].removesuffix(".py") for pattern in assignment.student_files)


def missing_pictures(notebook: nb.Notebook, there: Iterable[str]) -> list[str]:
    """The pictures that the texts of a hand-out name and that it lacks, one sentence each."""
    names = {PurePosixPath(name) for name in there}
    found = []
    for cell in notebook["cells"]:
        for named in _pictures(cell["source"]) if cell["cell_type"] == "markdown" else ():
            pasted = named.partition("attachment:")[2] if named.startswith("attachment:") else ""
            lacks = unquote(pasted) not in cell.get("attachments", {}) if pasted else PurePosixPath(unquote(named)) not in names
            if lacks and (pasted or not _ELSEWHERE.match(named)):
                found.append(f"cell {cell['id']} shows {named}, which no student gets")
    return found


def _found(folder: Path, patterns: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for pattern in patterns:
        pure = PurePosixPath(pattern)
        if not pattern or pure.is_absolute() or ".." in pure.parts:
            raise SuppliesError("course.toml names a file outside of the notebooks' folder", expected=str(folder), got=pattern)
        paths = sorted(folder.glob(pattern))
        inside = [other for path in paths for other in (sorted(path.rglob("*")) if path.is_dir() else (path,))]
        kept = [path for path in inside if path.is_file() and not _is_hidden(path.relative_to(folder))]
        if not kept:
            fix = f"put it into {folder}, or correct the list in course.toml"
            raise SuppliesError(
                "course.toml names a file that is not there", expected=str(folder / pattern), got="nothing", fix=fix
            )
        yield from ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in kept)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _refuse_name(name: str, assignment: Assignment) -> None:
    """Names that are something else in a hand-out, or that would stay at home with the author."""
    taken = {f"{notebook}.ipynb" for notebook in assignment.notebooks}
    ours = name.startswith("hw_lib") or name.endswith((".help.md", ".results.json")) or name == "README.html"
    if name in taken or ours:
        expected = "data, pictures, helpers; no notebook of the assignment, no help for graders, nothing of hw_lib's"
        raise SuppliesError("a file may not be handed out under this name", expected=expected, got=name, fix="rename it")


def _stripped(name: str, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data, ()
    stripped = regions.strip_regions(text, regions.SOLUTION, regions.CODE_STUB, name)
    return (stripped.text.encode(), stripped.removed) if stripped.regions else (data, ())


def _pictures(text: str) -> Iterator[str]:
    """The addresses of the pictures in a text."""
    prose = _CODE.sub("", text)
    known = {name.casefold(): address for name, address in _REFERENCE.findall(prose)}
    for address, reference in _MARKDOWN.findall(prose):
        yield address or known.get(reference.casefold(), reference)
    tags = _Tags()
    tags.feed(prose)
    yield from tags.found


class _Tags(HTMLParser):
    """The pictures that a text has as HTML."""

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more, if it is one."""
        if tag == "img":
            self.found += [value for name, value in attrs if name == "src" and value]
