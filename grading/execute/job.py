"""One execution as plain data, complete in itself, so that any machine can run it. Runs nothing.

`SharedInputs` is what the executions of one notebook have in common and travels to a worker once; `Job` is one submission's share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grading import notebook as nb
from grading.course import Course
from grading.execute import fingerprint
from grading.execute.fingerprint import digest, of_files
from grading.execute.imports import modules
from grading.records import Execution, Restored, Submission
from grading.sandbox import shadows
from grading.settings import Assignment, RunOptions
from grading.source import Source
from grading.workspace import Workspace


@dataclass(frozen=True)
class SharedInputs:
    """What all executions of one notebook have in common.

    Attributes:
        key: the hash of everything in here that an execution depends on.
        source: the author's notebook, hidden tests included, as text.
        released: the same as students got it.
        build: hw_lib as students have it, file name -> content.
        library: hw_lib as the trusted tests have it.
        sandbox: False runs submissions without one.
        warm: submissions are forked from a process that has imported everything; False starts each from nothing.
        hidden: folders that no submission may see, where they exist.
        preload: what the notebooks of the assignment import; the same for all of them, so that they share their fork servers.
        software: what `fingerprint.software()` said where this was made; a worker must say the same.
        secret: what hidden inputs are drawn from, for the trusted process alone; empty for the fixed ones of a student's notebook.
    """

    key: str
    assignment: Assignment
    notebook: str
    source: str
    released: str
    build: dict[str, bytes]
    library: dict[str, bytes]
    sandbox: bool
    warm: bool
    hidden: tuple[str, ...]
    preload: tuple[str, ...]
    software: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Job:
    """One submission's share.

    Attributes:
        key: the hash of the shared inputs and of everything in here.
        notebook: the restored notebook as text.
        files: what lies beside it, the submitted notebooks included, relative file name -> content.
    """

    key: str
    restored: Restored
    notebook: bytes
    files: dict[str, bytes]


@dataclass(frozen=True)
class Task:
    """A submission to run, as a promise: it is read from disk when its turn comes."""

    restored: Restored
    submission: Submission
    shared: SharedInputs
    work: Workspace

    def job(self) -> Job:
        """Everything a worker needs besides the shared inputs."""
        return make_job(self.shared, self.restored, self.submission, self.work)


Result = tuple[Task, str, Execution]  # the key is that of what was run, which is what lay on disk when its turn came


def make_shared(
    assignment: Assignment,
    source: Source,
    build: Path,
    library: Path,
    options: RunOptions,
    hidden: Iterable[Path] = (),
    preload: tuple[str, ...] = (),
    secret: str = "",
) -> SharedInputs:
    """Read everything that the executions of a notebook need.

    Args:
        assignment: its limits, and what its tests may ask for.
        source: the notebook as the author wrote it and as students got it.
        build: the folder that holds the student build of hw_lib.
        library: the folder that holds the whole hw_lib.
        options: whether submissions run in a sandbox, and are forked.
        hidden: folders that no submission may see.
        preload: modules to import before submissions are forked.
        secret: what hidden inputs are drawn from; only a digest of it goes into the key.
    """
    hidden_packages = assignment.hidden_packages.get(source.name, ())
    packed, whole = {**_packed(build), **shadows(hidden_packages)}, _packed(library, only="hw_lib")
    exposed, in_process = sorted(assignment.exposed_attributes.items()), sorted(assignment.in_student_process)
    settings = repr((source.name, assignment.limits, exposed, in_process, options.sandbox))
    code = [_code(source.notebook), _code(source.student), of_files(packed).encode(), of_files(whole).encode()]
    return SharedInputs(
        key=digest([settings.encode(), fingerprint.software().encode(), *code, digest([secret.encode()]).encode()]),
        assignment=assignment,
        notebook=source.name,
        source=nb.dump(source.notebook),
        released=nb.dump(source.student),
        build=packed,
        library=whole,
        sandbox=options.sandbox,
        warm=options.warm,
        hidden=tuple(str(path) for path in hidden),
        preload=preload,
        software=fingerprint.software(),
        secret=secret,
    )


def shared_inputs(
    course: Course,
    assignment: Assignment,
    sources: Sequence[Source],
    options: RunOptions,
    secret: str = "",
    build: Path | None = None,
) -> dict[str, SharedInputs]:
    """The shared inputs of an assignment's notebooks by name; no submission sees the course or the build folder.

    `build` is the student build of a release that is still being made; without it that of the last one counts.
    """
    build, hidden = build or course.workspace(assignment).graded_build, (course.root, course.build)
    preload = modules(source.notebook for source in sources)
    return {
        source.name: make_shared(assignment, source, build, course.root, options, hidden, preload, secret) for source in sources
    }


def make_job(shared: SharedInputs, restored: Restored, submission: Submission, work: Workspace) -> Job:
    """Read one submission's share from the build folder."""
    notebook = work.restored(restored.student, restored.notebook).read_bytes()
    names = sorted({*submission.files, *submission.notebooks.values()})
    files = {name: (work.submission(submission.student) / name).read_bytes() for name in names}
    return Job(digest([shared.key.encode(), notebook, of_files(files).encode()]), restored, notebook, files)


def author_job(shared: SharedInputs, files: Mapping[str, bytes]) -> Job:
    """The author's own notebook as a submission, with files of the author's beside it."""
    notebook = shared.source.encode()
    record = Restored(shared.assignment.name, "author", shared.notebook)
    return Job(digest([shared.key.encode(), notebook]), record, notebook, {**files})


def blank_job(shared: SharedInputs) -> Job:
    """The hand-out as somebody submits it who has answered nothing: its tests as the author wrote them, no file beside it."""
    source, student = (nb.parse(text.encode(), shared.notebook) for text in (shared.source, shared.released))
    pairs = zip(source["cells"], student["cells"], strict=True)
    whole = {**student, "cells": [theirs if nb.is_solution(ours) else ours for ours, theirs in pairs]}
    notebook = nb.dump(whole).encode()
    return Job(digest([shared.key.encode(), notebook]), Restored(shared.assignment.name, "blank", shared.notebook), notebook, {})


def failed(task: Task, why: str) -> Execution:
    """The execution of a submission that could not be run, through no fault of the student's."""
    record = task.restored
    return Execution(record.assignment, record.student, record.notebook, fault=why)


def _packed(folder: Path, only: str = "") -> dict[str, bytes]:
    """The Python files of a folder by their names relative to it."""
    files = sorted(path for path in (folder / only).rglob("*") if path.suffix in (".py", ".typed"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _code(notebook: nb.Notebook) -> bytes:
    """What a notebook runs: its prose may change without any execution being repeated."""
    return repr(
        [(cell["id"], nb.is_test(cell), cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    ).encode()
