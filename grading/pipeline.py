"""Knows the order: release, collect, restore, execute, score, gradebook, feedback, export. Prints nothing.

Every stage but one is cheap and pure and is simply repeated. Executions are kept under a hash of everything that went into them,
so that a second run, or one after a crash, executes only what is new.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from grading import execute, gradebook, kept, restore, sandbox, score, source
from grading import notebook as nb
from grading.course import Course
from grading.records import (
    Assignment,
    Execution,
    GradingError,
    Restored,
    Scorecard,
    Submission,
    load,
    save,
    write_text,
)
from hw_lib.errors import explain


class PipelineError(GradingError):
    """A stage was asked for before the one it needs."""


@dataclass(frozen=True)
class Progress:
    """One notebook is done.

    Attributes:
        kept: it was not run again, because nothing changed.
    """

    done: int
    total: int
    student: str
    kept: bool


@dataclass(frozen=True)
class _Job:
    restored: Restored
    submission: Submission
    key: str
    slot: int


def submissions(course: Course, assignment: Assignment) -> list[Submission]:
    """What was collected last."""
    folder = course.build / assignment.name / "collect"
    found = [load(path, Submission) for path in sorted(folder.glob("*.json"))]
    if not found:
        raise PipelineError(
            explain(
                f"nothing was collected for {assignment.name}",
                expected=f"records in {folder}",
                got="none",
                fix=f"hw collect {assignment.name} FOLDER-OR-ZIP",
            )
        )
    return found


def grade(
    course: Course,
    assignment: Assignment,
    *,
    isolated: bool = True,
    jobs: int | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> list[Scorecard]:
    """Restore, execute, score and record every collected submission.

    Args:
        course: where everything lies.
        assignment: what to grade.
        isolated: False runs students' code without a sandbox.
        jobs: how many at the same time; course.toml's figure by default.
        progress: called after every notebook.

    Returns:
        One scorecard per student, sorted by student.

    Raises:
        SandboxError: no sandbox can be had and one was asked for.
        PipelineError: nothing was collected or released.
    """
    if isolated:
        sandbox.check()
    sources = _sources(course, assignment)
    collected = submissions(course, assignment)
    restored = {(sub.student, origin.name): restore.restore(sub, origin, course.build) for sub in collected for origin in sources}
    for origin in sources:
        for sub in collected:
            _show_problem(course, restored[sub.student, origin.name], origin)
    executions = _execute_all(course, assignment, collected, restored, isolated, jobs or course.jobs, progress)
    cards = []
    for sub in collected:
        parts = [
            (origin.notebook, restored[sub.student, origin.name], executions.get((sub.student, origin.name))) for origin in sources
        ]
        cards.append(score.score(assignment, sub.student, parts, sub.notes))
    _forget_others(course, assignment, {sub.student for sub in collected})
    for card in cards:
        save(_card_path(course, assignment, card.student), card)
    gradebook.write(course.db, assignment.name, {origin.name: origin.notebook for origin in sources}, cards)
    return cards


def cards(course: Course, assignment: Assignment) -> list[Scorecard]:
    """The scorecards of the last grading, with what people have decided since."""
    found = [load(path, Scorecard) for path in sorted((course.build / assignment.name / "score").glob("*.json"))]
    if not found:
        raise PipelineError(
            explain(
                f"nothing was graded for {assignment.name}",
                expected="scorecards",
                got="none",
                fix=f"hw grade {assignment.name}",
            )
        )
    return gradebook.with_manual_grades(course.db, found)


def _sources(course: Course, assignment: Assignment) -> list[restore.Source]:
    if not (course.build / assignment.name / "student_build").is_dir():
        raise PipelineError(
            explain(
                f"{assignment.name} was not released",
                expected="a student build of hw_lib, for the sandbox",
                got="none",
                fix=f"hw release {assignment.name}",
            )
        )
    sources = []
    for name in assignment.notebooks:
        notebook = source.read_source(course, assignment, name)
        sources.append(restore.Source(name, notebook, source.student_notebook(notebook, name)[0]))
    return sources


def _execute_all(
    course: Course,
    assignment: Assignment,
    collected: Sequence[Submission],
    restored: dict[tuple[str, str], Restored],
    isolated: bool,
    jobs: int,
    progress: Callable[[Progress], None],
) -> dict[tuple[str, str], Execution]:
    """Run what has to be run, several at a time; keep what has not changed."""
    by_student = {sub.student: sub for sub in collected}
    base = kept.environment_hash(course, assignment, isolated)
    todo: list[_Job] = []
    done: dict[tuple[str, str], Execution] = {}
    runnable = [record for record in restored.values() if record.path]
    for slot, record in enumerate(runnable):
        sub = by_student[record.student]
        job = _Job(record, sub, kept.job_hash(base, record, sub, course.build), slot)
        known = kept.find(course, record, job.key)
        if known is not None:
            done[record.student, record.notebook] = known
            progress(Progress(len(done), len(runnable), record.student, kept=True))
        else:
            todo.append(job)
    if not todo:
        return done
    fonts = _font_cache(course.build)
    _prove_sandbox(course, assignment, isolated, fonts)
    pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="hw-execute")
    running = {pool.submit(_execute_one, course, assignment, job, isolated, fonts): job for job in todo}
    try:
        _gather(running, done, len(runnable), progress)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # at an interrupt nobody waits: what runs ends with this process
    return done


def _prove_sandbox(course: Course, assignment: Assignment, isolated: bool, fonts: Path) -> None:
    """One harmless cell in the very sandbox of this class, before a whole class goes to a person for a fault of ours."""
    with tempfile.TemporaryDirectory(prefix="hw-proof-") as empty:
        fault = execute.prove(_box(course, assignment, Path(empty), isolated, fonts, slot=0))
    if fault:
        raise sandbox.SandboxError(
            explain(
                "the sandbox does not run a notebook on this machine; nothing was graded",
                expected="1 + 1 is 2 in there",
                got=fault,
                fix="is the course in a folder that bubblewrap can mount? Nothing is lost: mend it and run hw grade again",
            )
        )


def _gather(
    running: dict[Future[Execution], _Job],
    done: dict[tuple[str, str], Execution],
    total: int,
    progress: Callable[[Progress], None],
) -> None:
    for future in as_completed(running):
        record = running[future].restored
        try:
            execution = future.result()
        except Exception as error:  # the grader's own fault: this student goes to a person, the others go on
            fault = f"{type(error).__name__}: {error}"
            execution = Execution(record.assignment, record.student, record.notebook, fault=fault)
        done[record.student, record.notebook] = execution
        progress(Progress(len(done), total, record.student, kept=False))


def _execute_one(course: Course, assignment: Assignment, job: _Job, isolated: bool, fonts: Path) -> Execution:
    """Run one notebook and keep the result, unless the grader was at fault."""
    record = job.restored
    notebook = nb.parse((course.build / record.path).read_bytes(), record.path)
    box = _box(course, assignment, course.build / job.submission.folder, isolated, fonts, job.slot)
    execution = execute.execute(record, notebook, box)
    write_text(_shown_path(course, record), execute.executed_notebook(notebook, execution))
    kept.keep(course, record, job.key, execution)
    return execution


def _box(course: Course, assignment: Assignment, folder: Path, isolated: bool, fonts: Path, slot: int) -> sandbox.Sandbox:
    return sandbox.Sandbox(
        submission=folder,
        library=course.build / assignment.name / "student_build",
        mpl_cache=fonts,
        limits=assignment.limits,
        isolated=isolated,
        hidden=(course.root, course.build),
        slot=slot,
    )


def _show_problem(course: Course, record: Restored, origin: restore.Source) -> None:
    """Give the formgrader something to show where there is nothing to run."""
    if record.problem:
        write_text(_shown_path(course, record), execute.placeholder_notebook(origin.student, record.problem))


def _font_cache(build: Path) -> Path:
    """Matplotlib's list of fonts, made once: in a fresh home every process would search for fonts again."""
    folder = build / "cache" / "matplotlib"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            made = Path(scratch) / "matplotlib"
            made.mkdir()
            environment = {**os.environ, "MPLCONFIGDIR": str(made)}
            subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environment, check=False)
            made.rename(folder)
    return folder


def _shown_path(course: Course, record: Restored) -> Path:
    """Where the formgrader looks for an executed notebook."""
    return course.build / "autograded" / record.student / record.assignment / f"{record.notebook}.ipynb"


def _card_path(course: Course, assignment: Assignment, student: str) -> Path:
    return course.build / assignment.name / "score" / f"{student}.json"


def _forget_others(course: Course, assignment: Assignment, students: Iterable[str]) -> None:
    """Scorecards of students that are no longer in the class; the gradebook keeps what it has."""
    keep = set(students)
    for path in (course.build / assignment.name / "score").glob("*.json"):
        if path.stem not in keep:
            path.unlink()
