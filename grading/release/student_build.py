"""Hw_lib without the answers: as students have it, as it is while they are graded, and as a wheel."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

from grading import regions
from grading.files import library_files
from grading.release.leak import ReleaseError
from grading.release.taken import Taken, of_module
from grading.release.withhold import withheld
from grading.settings import Assignment

_BEGIN = f"### BEGIN {regions.SOLUTION}"
_LOCAL = "h"  # a local version that begins with a letter is taken as it is written; of digits alone, leading zeros are lost


def student_build(root: Path, assignment: Assignment, target: Path) -> list[Taken]:
    """Copy hw_lib to `target`, its exercises as stubs; returns what was taken out.

    `strip` names files, whose regions are this assignment's exercises, or patterns ("hw_lib/**/*.py"), which take the exercises
    of other homeworks out as well: today's hand-out must not answer next week's questions. `ship_solutions` names the files that
    students get whole, without the markers. A file with a region that neither names is refused: nobody has said what it is.

    Raises:
        ReleaseError: such a file, a pattern without a file, or a file that is not whole Python once it is stripped.
    """
    _refuse_unsaid(root, assignment)
    others: set[Path] = set()
    for pattern in assignment.strip:
        found = set(root.glob(pattern))
        if not found:
            raise ReleaseError("course.toml strips a file that does not exist", got=pattern, fix="correct `strip`")
        others |= found
    taken: list[Taken] = []
    for name, source in library_files(root):
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix != ".py":  # data that hw_lib reads
            destination.write_bytes(source.read_bytes())
            continue
        text = source.read_text(encoding="utf-8")
        if name in assignment.strip:
            taken += of_module(name, text)
            text = _stubbed(text, name, " or ".join(f"{notebook}.ipynb" for notebook in assignment.notebooks))
        elif source in others and _BEGIN in text:
            taken += of_module(name, text)
            text = _stubbed(text, name, "another homework")
        text = "".join(line for line in text.splitlines(keepends=True) if not _is_marker(line))
        destination.write_text(text, encoding="utf-8")
    return taken


def _refuse_unsaid(root: Path, assignment: Assignment) -> None:
    """Files with solution regions of which course.toml does not say whether students get them."""
    said = {path for pattern in (*assignment.strip, *assignment.ship_solutions) for path in root.glob(pattern)}
    sources = sorted((root / "hw_lib").rglob("*.py"))
    unsaid = [path for path in sources if path not in said and _BEGIN in path.read_text(encoding="utf-8")]
    if unsaid:
        raise ReleaseError(
            f"{len(unsaid)} file(s) of hw_lib hold solutions that the release of {assignment.name} would give away",
            expected="every file with solution markers under `strip`, or under `ship_solutions` if students may read it",
            got=", ".join(path.relative_to(root).as_posix() for path in unsaid),
            fix=f'[assignments.{assignment.name}] strip = ["hw_lib/**/*.py"] takes them all out',
        )


def tell(build: Path, versions: Mapping[str, str], library: str) -> None:
    """Write into a student build what the course grades with, and which library it is: the notebook's first cell compares."""
    path = build / "hw_lib" / "graded_with.py"
    if path.is_file():  # a course may have a library of its own, without it
        about = '"""The versions that the course grades with, and which library this is."""'
        path.write_text(f"{about}\n\nVERSIONS = {dict(versions)!r}\nLIBRARY = {library!r}\n", encoding="utf-8")


def digest(root: Path) -> str:
    """Tells the library of one day from that of another, answers included: the builds of one day's hand-outs have the same."""
    found = hashlib.sha256()
    for name, path in library_files(root):
        found.update(f"{name}\n".encode() + path.read_bytes())
    return found.hexdigest()[:12]


def graded_build(student: Path, assignment: Assignment, target: Path) -> None:
    """Copy a student build, its hidden files as empty shells.

    Raises:
        ReleaseError: `hidden_library_files` names a file that does not exist.
    """
    shutil.copytree(student, target)
    for pattern in assignment.hidden_library_files:
        found = sorted(target.glob(pattern))
        if not found:
            raise ReleaseError("course.toml hides a file that does not exist", got=pattern, fix="correct `hidden_library_files`")
        for path in found:
            path.write_text(withheld(path.read_text(encoding="utf-8")), encoding="utf-8")


def _stubbed(text: str, name: str, exercise: str) -> str:
    stripped = regions.strip_module(text, name, exercise)
    try:
        tree = ast.parse(stripped.text)
    except SyntaxError as error:
        raise ReleaseError(
            f"{name} does not parse once it is stripped", got=error, fix="indent the markers as the lines between them"
        ) from None
    stubs = sum(isinstance(node, ast.Raise) and "you write this one yourself" in ast.unparse(node) for node in ast.walk(tree))
    if not stripped.regions or stubs != stripped.regions:
        raise ReleaseError(
            f"{name} is not stripped",
            expected="a stub for every solution region",
            got=f"{stripped.regions} regions, {stubs} stubs",
        )
    return stripped.text


def _is_marker(line: str) -> bool:
    return line.strip() in (f"### BEGIN {regions.SOLUTION}", f"### END {regions.SOLUTION}")


def build_wheel(root: Path, build: Path, target: Path) -> Path:
    """Make a wheel of the student build, without a network and the same bytes every time.

    Its version ends with a digest of its own content: a notebook's first cell tells by it whether another one is installed.
    """
    project = _project(root / "pyproject.toml") if _is_a_course(root) else _installed()
    version = f"{project['version'].partition('+')[0]}+{_LOCAL}{digest(build)}"
    requires = "\n".join(f"    {requirement!r}," for requirement in project["dependencies"])
    torch = ", ".join(repr(requirement) for requirement in project["optional-dependencies"]["torch"])
    (build / "pyproject.toml").write_text(
        "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n\n"
        f"[project]\nname = 'hw-lib'\nversion = {version!r}\n{_licence(project, build)}description = {project['description']!r}\n"
        f"requires-python = {project['requires-python']!r}\ndependencies = [\n{requires}\n]\n\n"
        f"[project.optional-dependencies]\ntorch = [{torch}]\n\n"
        "[tool.hatch.build.targets.wheel]\npackages = ['hw_lib']\n",
        encoding="utf-8",
    )
    return Path(next(iter(WheelBuilder(str(build)).build(directory=str(target), versions=["standard"]))))


def _licence(project: dict[str, Any], build: Path) -> str:
    """The licence as pyproject.toml has it, with its text in the wheel; nothing for a course whose own hw_lib says none."""
    said, text = project.get("license"), project.get("license-text")
    if not isinstance(said, str):
        return ""
    (build / "LICENSE").write_text(text or "", encoding="utf-8")
    files = "license-files = ['LICENSE']\n" if text else "license-files = []\n"
    return f"license = {said!r}\n{files}"


def _is_a_course(root: Path) -> bool:
    """Whether a library is a folder that somebody works in, and not an installed package without a pyproject.toml beside it."""
    return (root / "pyproject.toml").is_file() or root != Path(regions.__file__).parents[1]


def _installed() -> dict[str, Any]:
    """The same of the hw_lib that is installed."""
    told = importlib.metadata.metadata("hw-lib")
    asked = [Requirement(line) for line in importlib.metadata.requires("hw-lib") or ()]
    torch = [f"{one.name}{one.specifier}" for one in asked if one.marker and one.marker.evaluate({"extra": "torch"})]
    return {
        "version": told["Version"],
        "description": told["Summary"],
        "requires-python": told["Requires-Python"],
        "dependencies": [f"{one.name}{one.specifier}" for one in asked if one.marker is None],
        "optional-dependencies": {"torch": torch},
        "license": told["License-Expression"],
        "license-text": importlib.metadata.distribution("hw-lib").read_text("licenses/LICENSE"),
    }


def _project(path: Path) -> dict[str, Any]:
    """What pyproject.toml says that the wheel of hw_lib needs to know."""
    wanted = ("version", "description", "requires-python", "dependencies", "optional-dependencies")
    expected = f"[project] with {', '.join(wanted)}; the last with a list `torch`"
    fix = "copy pyproject.toml from the repository that hw_lib comes from into the course's folder"
    try:
        project: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        gone = [key for key in wanted if key not in project] or [key for key in ("torch",) if key not in project[wanted[-1]]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        got = f"{type(error).__name__}: {error}"
        raise ReleaseError(f"{path} cannot be read", expected=expected, got=got, fix=fix) from None
    if gone:
        raise ReleaseError(f"{path} does not say enough", expected=expected, got=f"no {', '.join(gone)}", fix=fix)
    licence = path.with_name("LICENSE")
    return {**project, "license-text": licence.read_text(encoding="utf-8") if licence.is_file() else ""}
