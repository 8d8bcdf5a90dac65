"""Source notebooks and hw_lib -> what students get, audited before it appears. Knows nothing of submissions.

The hand-out is made in a scratch folder, searched for leaks, and only then moved to build/<assignment>/release.
"""

from __future__ import annotations

import ast
import json
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.wheel import WheelBuilder

from grading import notebook as nb
from grading import regions
from grading.course import Course
from grading.records import Assignment, GradingError
from grading.release.withhold import withheld
from grading.source import read_source, student_notebook
from hw_lib.errors import explain

_DATE = (2020, 1, 1, 0, 0, 0)  # in archives, so that the same release is the same file


class ReleaseError(GradingError):
    """The source is not fit to be released, or the release would give something away."""


@dataclass(frozen=True)
class Release:
    """What was made.

    Attributes:
        folder: what a student gets, notebooks and wheel.
        archive: the same as one zip file.
        student_build: the unpacked wheel.
        graded_build: the same without what students do not have while they are graded; the sandbox mounts it.
        files: names in `folder`.
    """

    folder: Path
    archive: Path
    student_build: Path
    graded_build: Path
    files: tuple[str, ...]


def release(course: Course, assignment: Assignment) -> Release:
    """Make the student release of one assignment.

    Raises:
        ReleaseError: a source notebook breaks a rule, or the audit found a leak; the old release stays as it was.
    """
    target = course.build / assignment.name
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix=".release-") as scratch:
        made = _make(course, assignment, Path(scratch))
        for name in ("release", "student_build", "graded_build"):
            shutil.rmtree(target / name, ignore_errors=True)
            (Path(scratch) / name).rename(target / name)
        archive = target / f"{assignment.name}.zip"
        (Path(scratch) / "release.zip").replace(archive)
    return Release(target / "release", archive, target / "student_build", target / "graded_build", made)


def _make(course: Course, assignment: Assignment, scratch: Path) -> tuple[str, ...]:
    """Build everything below `scratch`, audit it, and return the file names of the hand-out."""
    folder = scratch / "release"
    folder.mkdir()
    secrets: list[str] = []
    for name in assignment.notebooks:
        source = read_source(course, assignment, name)
        student, removed = student_notebook(source, name)
        secrets += removed
        (folder / f"{name}.ipynb").write_text(nb.dump(student), encoding="utf-8")
    build = scratch / "build"
    secrets += student_build(course.root, assignment, build)
    wheel = build_wheel(course.root, build, folder)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(scratch / "student_build")
    graded_build(scratch / "student_build", assignment, scratch / "graded_build")
    files = tuple(sorted(path.name for path in folder.iterdir()))
    check_audit(folder, assignment, regions.telling(secrets, assignment.audit_allow), {*files})
    _zip(folder, scratch / "release.zip", assignment.name)
    return files


def student_build(root: Path, assignment: Assignment, target: Path) -> list[str]:
    """Copy hw_lib to `target`, its exercises as stubs; returns the lines that were taken out.

    `strip` names files, whose regions are this assignment's exercises, or patterns ("hw_lib/**/*.py"), which take the exercises
    of other homeworks out as well: today's hand-out must not answer next week's questions. Regions of files that are not
    named stay as they are, without the markers: students read these files too.
    """
    others: set[Path] = set()
    for pattern in assignment.strip:
        found = set(root.glob(pattern))
        if not found:
            raise ReleaseError("course.toml strips a file that does not exist", got=pattern, fix="mend `strip`")
        others |= found
    removed: list[str] = []
    for source in sorted((root / "hw_lib").rglob("*")):
        if source.suffix not in (".py", ".typed"):
            continue
        name = source.relative_to(root).as_posix()
        text = source.read_text(encoding="utf-8")
        if name in assignment.strip:
            text, gone = _stubbed(text, name, " or ".join(f"{notebook}.ipynb" for notebook in assignment.notebooks))
            removed += gone
        elif source in others and f"### BEGIN {regions.SOLUTION}" in text:
            text, _ = _stubbed(text, name, "another homework")  # audited when that one is released
        text = "".join(line for line in text.splitlines(keepends=True) if not _is_marker(line))
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_text(text, encoding="utf-8")
    return removed


def graded_build(student: Path, assignment: Assignment, target: Path) -> None:
    """Copy a student build, its withheld files as empty shells.

    Raises:
        ReleaseError: `withhold` names a file that does not exist.
    """
    shutil.copytree(student, target)
    for pattern in assignment.withhold:
        found = sorted(target.glob(pattern))
        if not found:
            raise ReleaseError("course.toml withholds a file that does not exist", got=pattern, fix="mend `withhold`")
        for path in found:
            path.write_text(withheld(path.read_text(encoding="utf-8")), encoding="utf-8")


def _stubbed(text: str, name: str, exercise: str) -> tuple[str, tuple[str, ...]]:
    stripped = regions.strip_module(text, name, exercise)
    try:
        tree = ast.parse(stripped.text)
    except SyntaxError as error:
        message = explain(
            f"{name} does not parse once it is stripped", got=error, fix="indent the markers as the lines between them"
        )
        raise ReleaseError(message) from None
    stubs = sum(isinstance(node, ast.Raise) and "you write this one yourself" in ast.unparse(node) for node in ast.walk(tree))
    if not stripped.regions or stubs != stripped.regions:
        raise ReleaseError(
            f"{name} is not stripped",
            expected="a stub for every solution region",
            got=f"{stripped.regions} regions, {stubs} stubs",
        )
    return stripped.text, stripped.removed


def _is_marker(line: str) -> bool:
    return line.strip() in (f"### BEGIN {regions.SOLUTION}", f"### END {regions.SOLUTION}")


def build_wheel(root: Path, build: Path, target: Path) -> Path:
    """Make a wheel of the student build, without a network and the same bytes every time."""
    project = _project(root / "pyproject.toml")
    requires = "\n".join(f"    {requirement!r}," for requirement in project["dependencies"])
    torch = ", ".join(repr(requirement) for requirement in project["optional-dependencies"]["torch"])
    (build / "pyproject.toml").write_text(
        "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n\n"
        f"[project]\nname = 'hw-lib'\nversion = {project['version']!r}\ndescription = {project['description']!r}\n"
        f"requires-python = {project['requires-python']!r}\ndependencies = [\n{requires}\n]\n\n"
        f"[project.optional-dependencies]\ntorch = [{torch}]\n\n"
        "[tool.hatch.build.targets.wheel]\npackages = ['hw_lib']\n",
        encoding="utf-8",
    )
    return Path(next(iter(WheelBuilder(str(build)).build(directory=str(target), versions=["standard"]))))


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
    return project


def check_audit(folder: Path, assignment: Assignment, secrets: frozenset[str], expected: set[str]) -> None:
    """Prove that a hand-out gives nothing away.

    Raises:
        ReleaseError: with the file and the line of everything that was found.
    """
    wanted = {f"{name}.ipynb" for name in assignment.notebooks}
    wheels = {name for name in expected if name.endswith(".whl")}
    strangers = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - wanted - wheels
    texts: dict[str, str] = {}
    leaks = [regions.Leak(name, 0, "", "not on the list of files to release") for name in sorted(strangers)]
    for name in sorted(wanted):
        cells, found = _notebook_texts(folder / name, name)
        texts |= cells
        leaks += found
    for name in sorted(wheels):
        contents, found = _wheel_texts(folder / name, name)
        texts |= contents
        leaks += found
    leaks += regions.audit(texts, secrets)
    if leaks:
        raise ReleaseError(
            f"the release of {assignment.name} would give {len(leaks)} thing(s) away; nothing was released",
            got="\n".join(str(leak) for leak in leaks[:20]),
            fix="move the line into a solution or hidden-test region, say it in other words, or, if it gives nothing "
            "away, list it under audit_allow in course.toml",
        )


def _notebook_texts(path: Path, name: str) -> tuple[dict[str, str], list[regions.Leak]]:
    """Every cell as a text of its own, and the cells that still carry outputs."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    texts, leaks = {f"{name} metadata": "\n".join(_words(raw["metadata"]))}, []
    for cell in raw["cells"]:
        texts[f"{name}[{cell['id']}]"] = "".join(cell["source"])
        texts[f"{name}[{cell['id']}] metadata"] = "\n".join(_words([cell["metadata"], cell.get("attachments")]))
        if cell.get("outputs") or cell.get("execution_count") is not None:
            leaks.append(regions.Leak(f"{name}[{cell['id']}]", 0, "", "an output or execution count is left"))
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


def _wheel_texts(path: Path, name: str) -> tuple[dict[str, str], list[regions.Leak]]:
    """Every file of a wheel as text, and the files that have no business in it."""
    texts, leaks = {}, []
    with zipfile.ZipFile(path) as wheel:
        for member in sorted(wheel.namelist()):
            if not (member.startswith("hw_lib/") and member.endswith((".py", ".typed"))) and ".dist-info/" not in member:
                leaks.append(regions.Leak(f"{name}/{member}", 0, "", "not on the list of files to release"))
            texts[f"{name}/{member}"] = wheel.read(member).decode("utf-8", "replace")
    return texts, leaks


def bundle(course: Course, homework: str) -> Path:
    """One archive with the hand-outs of all assignments of a homework, each in its folder; they must have been released."""
    target = course.build / f"{homework}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in course.homeworks[homework]:
            for path in sorted((course.build / name / "release").iterdir()):
                packed.writestr(zipfile.ZipInfo(f"{homework}/{name}/{path.name}", _DATE), path.read_bytes())
    return target


def _zip(folder: Path, target: Path, top: str) -> None:
    """One archive with a fixed date, so that the same release is the same file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.writestr(zipfile.ZipInfo(f"{top}/{path.name}", _DATE), path.read_bytes())
