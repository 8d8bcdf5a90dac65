"""Knows the order: release, collect, restore, execute, score, gradebook, feedback, export. Prints nothing.

Every stage but one is cheap and pure and is simply repeated; executions are kept under a hash of everything that went into them
(`fleet`), so that a second run, or one after a crash, executes only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading import execute, fleet, gradebook, job, restore, sandbox, score, scratch, source
from grading import notebook as nb
from grading.course import Course
from grading.fleet import Crew, Executions, Progress, Shard
from grading.records import Assignment, Execution, GradingError, Restored, Scorecard, Submission, load, save, write_text
from hw_lib.errors import explain


class PipelineError(GradingError):
    """A stage was asked for before the one it needs."""


@dataclass(frozen=True)
class _Class:
    """What was collected, and every notebook of it restored, by student and notebook."""

    sources: tuple[restore.Source, ...]
    submissions: tuple[Submission, ...]
    restored: dict[tuple[str, str], Restored]


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
    scheduler: str = "",
    progress: Callable[[Progress], None] = lambda _: None,
) -> list[Scorecard]:
    """Restore, execute, score and record every collected submission.

    Args:
        course: where everything lies.
        assignment: what to grade.
        isolated: False runs students' code without a sandbox.
        jobs: how many at the same time; course.toml's figure by default.
        scheduler: a Dask scheduler whose workers execute the submissions; this machine does by default.
        progress: called after every notebook.

    Returns:
        One scorecard per student, sorted by student.

    Raises:
        SandboxError: no sandbox can be had and one was asked for.
        PlaceError: no worker can run a submission.
        PipelineError: nothing was collected or released.
    """
    crew = Crew(jobs or course.jobs, scheduler)
    found = _restore(course, assignment, submissions(course, assignment), isolated and not scheduler)
    executions = _execute(course, assignment, found, isolated, crew, progress)
    cards = [_score(course, assignment, found, sub, executions) for sub in found.submissions]
    _save(course, assignment, cards)
    gradebook.write(course.db, assignment.name, {origin.name: origin.notebook for origin in found.sources}, cards)
    return cards


def grade_shard(
    course: Course,
    assignment: Assignment,
    shard: Shard,
    *,
    isolated: bool = True,
    jobs: int | None = None,
    scheduler: str = "",
    progress: Callable[[Progress], None] = lambda _: None,
) -> int:
    """Restore and execute a share of the submissions and keep the executions; `grade` gathers them. Returns how many.

    Shards may run at the same time on machines that share the build folder: none writes what another one writes.
    """
    share = submissions(course, assignment)[shard.number - 1 :: shard.of]
    found = _restore(course, assignment, share, isolated and not scheduler)
    _execute(course, assignment, found, isolated, Crew(jobs or course.jobs, scheduler), progress)
    return len(share)


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


# ---- the stages of a grading, in order ----


def _restore(course: Course, assignment: Assignment, collected: Sequence[Submission], sandboxed_here: bool) -> _Class:
    if sandboxed_here:
        sandbox.check()
    sources = _sources(course, assignment)
    scratch.sweep_strays(course.build / assignment.name)
    restored = {(sub.student, origin.name): restore.restore(sub, origin, course.build) for sub in collected for origin in sources}
    return _Class(tuple(sources), tuple(collected), restored)


def _execute(
    course: Course, assignment: Assignment, found: _Class, isolated: bool, crew: Crew, progress: Callable[[Progress], None]
) -> Executions:
    """Run what is new; give the formgrader something to show where there is nothing to run."""
    build, tasks = course.build, []
    for origin in found.sources:
        kit = job.make_kit(
            assignment,
            origin.name,
            origin.notebook,
            origin.student,
            build / assignment.name / "student_build",
            course.root,
            isolated=isolated,
            hidden=(course.root, build),
        )
        for sub in found.submissions:
            record = found.restored[sub.student, origin.name]
            if record.problem:
                write_text(_shown_path(course, record), execute.placeholder_notebook(origin.student, record.problem))
            elif record.path:
                tasks.append(job.Task(record, sub, kit, build))

    def show(record: Restored, execution: Execution) -> None:
        notebook = nb.parse((build / record.path).read_bytes(), record.path)
        write_text(_shown_path(course, record), execute.executed_notebook(notebook, execution))

    return fleet.execute_all(tasks, build, crew, show, progress)


def _score(course: Course, assignment: Assignment, found: _Class, sub: Submission, executions: Executions) -> Scorecard:
    records = [(origin.notebook, found.restored[sub.student, origin.name]) for origin in found.sources]
    parts = [(notebook, record, executions.of(record)) for notebook, record in records]
    return score.score(assignment, sub.student, parts, sub.notes)


def _save(course: Course, assignment: Assignment, cards: Iterable[Scorecard]) -> None:
    """Keep the scorecards, and no others; the gradebook keeps what it has of students who are no longer in the class."""
    folder = course.build / assignment.name / "score"
    wanted = {f"{card.student}.json": card for card in cards}
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, card in wanted.items():
        save(folder / name, card)


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


def _shown_path(course: Course, record: Restored) -> Path:
    """Where the formgrader looks for an executed notebook."""
    return course.build / "autograded" / record.student / record.assignment / f"{record.notebook}.ipynb"
