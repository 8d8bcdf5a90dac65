"""One execution as plain data, complete in itself, so that any machine can run it. Runs nothing.

`Kit` is what the executions of one notebook have in common and travels to a worker once; `Job` is one submission's share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grading import notebook as nb
from grading.execute import fingerprint
from grading.execute.fingerprint import digest
from grading.records import Assignment, Execution, Restored, Submission
from grading.release.withhold import shadows


@dataclass(frozen=True)
class Kit:
    """What all executions of one notebook have in common.

    Attributes:
        key: the hash of everything in here that an execution depends on.
        source: the author's notebook, hidden tests included, as text.
        released: the same as students got it.
        build: hw_lib as students have it, file name -> content.
        library: hw_lib as the trusted tests have it.
        isolated: False runs submissions without a sandbox.
        hidden: folders that no submission may see, where they exist.
        software: what `fingerprint.software()` said where the kit was made; a worker must say the same.
        warm: submissions are forked from a process that has imported everything; False starts each from nothing.
    """

    key: str
    assignment: Assignment
    notebook: str
    source: str
    released: str
    build: dict[str, bytes]
    library: dict[str, bytes]
    isolated: bool
    hidden: tuple[str, ...]
    software: str
    warm: bool = True


@dataclass(frozen=True)
class Job:
    """One submission's share.

    Attributes:
        key: the hash of the kit and of everything in here.
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
    kit: Kit
    build: Path

    def job(self) -> Job:
        """Everything a worker needs besides the kit."""
        return make_job(self.kit, self.restored, self.submission, self.build)


Result = tuple[Task, str, Execution]  # the key is that of what was run, which is what lay on disk when its turn came


def make_kit(
    assignment: Assignment,
    notebook: str,
    source: nb.Notebook,
    released: nb.Notebook,
    build: Path,
    library: Path,
    *,
    isolated: bool,
    warm: bool = True,
    hidden: Iterable[Path] = (),
) -> Kit:
    """Read everything that the executions of a notebook need.

    Args:
        assignment: its limits, and what its tests may ask for.
        notebook: its name.
        source: as the author wrote it.
        released: as students got it.
        build: the folder that holds the student build of hw_lib.
        library: the folder that holds the whole hw_lib.
        isolated: whether submissions run in a sandbox.
        warm: whether they are forked from a warm process.
        hidden: folders that no submission may see.
    """
    without = assignment.without.get(notebook, ())
    packed, whole = {**_packed(build), **shadows(without)}, _packed(library, only="hw_lib")
    settings = (notebook, assignment.limits, sorted(assignment.objects.items()), sorted(assignment.together), isolated)
    parts = [
        repr(settings).encode(),
        fingerprint.software().encode(),
        _code(source),
        _code(released),
        _hashed(packed),
        _hashed(whole),
    ]
    return Kit(
        key=digest(parts),
        assignment=assignment,
        notebook=notebook,
        source=nb.dump(source),
        released=nb.dump(released),
        build=packed,
        library=whole,
        isolated=isolated,
        hidden=tuple(str(path) for path in hidden),
        software=fingerprint.software(),
        warm=warm,
    )


def make_job(kit: Kit, restored: Restored, submission: Submission, build: Path) -> Job:
    """Read one submission's share from the build folder."""
    notebook = (build / restored.path).read_bytes()
    names = sorted({*submission.files, *submission.notebooks.values()})
    files = {name: (build / submission.folder / name).read_bytes() for name in names}
    return Job(digest([kit.key.encode(), notebook, _hashed(files)]), restored, notebook, files)


def author_job(kit: Kit, files: Mapping[str, bytes]) -> Job:
    """The author's own notebook as a submission, with files of the author's beside it."""
    notebook = kit.source.encode()
    record = Restored(kit.assignment.name, "author", kit.notebook, f"{kit.notebook}.ipynb")
    return Job(digest([kit.key.encode(), notebook]), record, notebook, {**files})


def failed(task: Task, why: str) -> Execution:
    """The execution of a submission that could not be run, through no fault of the student's."""
    record = task.restored
    return Execution(record.assignment, record.student, record.notebook, fault=why, isolated=task.kit.isolated)


def _packed(folder: Path, only: str = "") -> dict[str, bytes]:
    """The Python files of a folder by their names relative to it."""
    files = sorted(path for path in (folder / only).rglob("*") if path.suffix in (".py", ".typed"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _code(notebook: nb.Notebook) -> bytes:
    """What a notebook runs: its prose may change without any execution being repeated."""
    return repr(
        [(cell["id"], nb.is_test(cell), cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    ).encode()


def _hashed(files: Mapping[str, bytes]) -> bytes:
    return digest(part for name in sorted(files) for part in (name.encode("utf-8", "surrogateescape"), files[name])).encode()
