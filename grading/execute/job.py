"""One execution as plain data, complete in itself, so that any machine can run it. Runs nothing.

`SharedInputs` is what the executions of one notebook have in common and travels to a worker once; `Job` is one submission's share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grading import notebook as nb
from grading import supplies
from grading.course import Course
from grading.execute import fingerprint
from grading.execute.fingerprint import of_files
from grading.execute.imports import modules
from grading.files import digest, library_files
from grading.records import Execution, Restored, Submission
from grading.sandbox import shadows
from grading.settings import Assignment, RunOptions
from grading.source import Source
from grading.supplies import Supplies
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
        supplies: what lies beside the notebook; the author's copies stand there whatever a student handed in.
        draw: figures that cells show are drawn.
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
    supplies: Supplies = field(default_factory=Supplies, repr=False)
    draw: bool = False


@dataclass(frozen=True)
class Job:
    """One submission's share.

    Attributes:
        key: the hash of the shared inputs and of everything in here, and of whether figures are drawn.
        serves: the keys of executions that say what this one would: one with figures says all that one without them does.
        notebook: the restored notebook as text.
        files: what lies beside it, the submitted notebooks included, relative file name -> content.
    """

    key: str
    restored: Restored
    notebook: bytes
    files: dict[str, bytes]
    serves: tuple[str, ...] = ()


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
    beside: Supplies | None = None,
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
        beside: the files of the assignment.
    """
    hidden_packages = assignment.hidden_packages.get(source.name, ())
    packed, whole = {**_packed(build), **shadows(hidden_packages)}, _packed(library)
    exposed, in_process = sorted(assignment.exposed_attributes.items()), sorted(assignment.in_student_process)
    settings = repr((source.name, assignment.limits, exposed, in_process, options.sandbox))
    beside = beside or Supplies()
    handed_out = [of_files(files).encode() for files in (beside.given, beside.released, beside.students)]
    code = [
        *(handed_out if beside.handed_out else ()),
        _code(source.notebook),
        _code(source.student),
        of_files(packed).encode(),
        of_files(whole).encode(),
    ]
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
        supplies=beside,
        draw=options.draw,
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
    preload = modules((source.notebook for source in sources), course.library)
    beside = supplies.read(course, assignment)
    return {
        source.name: make_shared(assignment, source, build, course.library, options, hidden, preload, secret, beside)
        for source in sources
    }


def make_job(shared: SharedInputs, restored: Restored, submission: Submission, work: Workspace) -> Job:
    """Read one submission's share from the build folder."""
    notebook = work.restored(restored.student, restored.notebook).read_bytes()
    names = sorted({*submission.files, *submission.notebooks.values()})
    own = {name: (work.submission(submission.student) / name).read_bytes() for name in names}
    files = {**shared.supplies.released, **own, **shared.supplies.given}
    plain = digest([shared.key.encode(), notebook, of_files(files).encode()])
    drawn = digest([plain.encode(), b"drawn"])
    key, serves = (drawn, (drawn,)) if shared.draw else (plain, (plain, drawn))
    return Job(key, restored, notebook, files, serves)


def author_job(shared: SharedInputs, files: Mapping[str, bytes]) -> Job:
    """The author's own notebook as a submission, with files of the author's beside it."""
    notebook = shared.source.encode()
    record = Restored(shared.assignment.name, "author", shared.notebook)
    return Job(digest([shared.key.encode(), notebook]), record, notebook, {**files, **shared.supplies.of_the_author})


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


def _packed(folder: Path) -> dict[str, bytes]:
    """The files of the hw_lib in a folder by their names relative to it."""
    return {name: path.read_bytes() for name, path in library_files(folder)}


def _code(notebook: nb.Notebook) -> bytes:
    """What a notebook runs: its prose may change without any execution being repeated."""
    return repr(
        [(cell["id"], nb.is_test(cell), cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    ).encode()
