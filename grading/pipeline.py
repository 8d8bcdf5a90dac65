"""Knows the order: release, collect, restore, execute, score, gradebook, feedback, export. Prints nothing.

Every stage but one is cheap and pure and is simply repeated; executions are kept under a hash of everything that went into them
(`fleet`), so that a second run, or one after a crash, executes only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from grading import files, gradebook, score, source
from grading import notebook as nb
from grading.collect import collection
from grading.course import Course
from grading.execute import job, notebook_run, parity, pool
from grading.execute.pool import Crew, Executions, Shard
from grading.execute.worker import Place
from grading.gradebook import rubric
from grading.progress import Step
from grading.records import Assignment, Execution, GradingError, Restored, Scorecard, Submission, load, save, write_text
from grading.restore import merge
from grading.sandbox import spec
from hw_lib.errors import explain


class PipelineError(GradingError):
    """A stage was asked for before the one it needs."""


@dataclass(frozen=True)
class _Class:
    """What was collected, and every notebook of it restored, by student and notebook."""

    sources: tuple[merge.Source, ...]
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
    warm: bool = True,
    jobs: int | None = None,
    scheduler: str = "",
    progress: Callable[[Step], None] = lambda _: None,
) -> list[Scorecard]:
    """Restore, execute, score and record every collected submission.

    Args:
        course: where everything lies.
        assignment: what to grade.
        isolated: False runs students' code without a sandbox.
        warm: False starts every submission from nothing instead of forking it from a process that has imported everything.
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
    crew = Crew(isolated, warm, jobs or course.jobs, scheduler)
    found = _restore(course, assignment, crew)
    executions = _execute(course, assignment, found, crew, progress)
    _show_rubrics(course, found)
    cards = [_score(course, assignment, found, sub, executions) for sub in found.submissions]
    gradebook.write(course.db, assignment.name, {origin.name: origin.notebook for origin in found.sources}, cards)
    _save(course, assignment, cards)  # after the gradebook, which may refuse: the table shows what it holds
    return cards


def grade_shard(
    course: Course,
    assignment: Assignment,
    shard: Shard,
    *,
    isolated: bool = True,
    warm: bool = True,
    jobs: int | None = None,
    scheduler: str = "",
    progress: Callable[[Step], None] = lambda _: None,
) -> int:
    """Restore and execute a share of the submissions and keep the executions; `grade` gathers them. Returns how many.

    Shards may run at the same time on machines that share the build folder: none writes what another one writes.
    """
    crew = Crew(isolated, warm, jobs or course.jobs, scheduler)
    found = _restore(course, assignment, crew, shard)
    _execute(course, assignment, found, crew, progress)
    return len(found.submissions)


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


def prove_tests(course: Course, assignment: Assignment) -> list[str]:
    """Run every author's notebook with its tests apart and with its tests beside the answers, and compare.

    Returns:
        The names of the notebooks that were run; those that have not changed since the last time are not run again.

    Raises:
        SplitError: a test that gives other points apart.
    """
    done = []
    crew = Crew(isolated=_can_isolate())
    for origin in _sources(course, assignment):
        kit = _kit(course, assignment, origin, crew)
        kept_key = course.build / assignment.name / "proof" / f"{origin.name}.txt"
        if kept_key.is_file() and kept_key.read_text() == kit.key:
            continue
        tests = {cell["id"]: nb.points(cell) for cell in origin.notebook["cells"] if nb.is_test(cell)}
        beside = _kit(course, replace(assignment, together=tuple(tests)), origin, crew)
        files = {path.name: path.read_bytes() for path in nb.evidence(course.build / assignment.name / "solutions", origin.name)}
        with Place(course.build / "cache" / "matplotlib") as place:
            together, apart = (place.run(job.author_job(each, files), each) for each in (beside, kit))
        parity.compare(together, apart, {name: tests[name] for name in tests if name not in assignment.together})
        write_text(kept_key, kit.key)
        done.append(origin.name)
    return done


# ---- the stages of a grading, in order ----


def _restore(course: Course, assignment: Assignment, crew: Crew, shard: Shard | None = None) -> _Class:
    if crew.isolated and not crew.scheduler:
        spec.check()
    sources = _sources(course, assignment)
    _refuse_half_a_class(course, assignment)
    collected = submissions(course, assignment)
    if shard:
        collected = collected[shard.number - 1 :: shard.of]
    files.sweep()  # what killed gradings left behind
    for name in (assignment.name, "autograded"):
        files.sweep_strays(course.build / name)
    restored = {(sub.student, origin.name): merge.restore(sub, origin, course.build) for sub in collected for origin in sources}
    return _Class(tuple(sources), tuple(collected), restored)


def _refuse_half_a_class(course: Course, assignment: Assignment) -> None:
    """A collection that was stopped, or found the disk full, left students out: they would seem to have handed in nothing."""
    mark = collection.unfinished(assignment, course.build)
    if mark.exists():
        raise PipelineError(
            explain(
                f"the last collection of {assignment.name} was interrupted: students are missing",
                expected="a whole class",
                got=f"{mark}, which a collection removes at its end",
                fix=f"hw collect {assignment.name} FOLDER-OR-ZIP, and then grade",
            )
        )


def _execute(course: Course, assignment: Assignment, found: _Class, crew: Crew, progress: Callable[[Step], None]) -> Executions:
    """Run what is new; give the formgrader something to show where there is nothing to run."""
    build, tasks = course.build, []
    for origin in found.sources:
        kit = _kit(course, assignment, origin, crew)
        for sub in found.submissions:
            record = found.restored[sub.student, origin.name]
            if record.problem:
                write_text(_shown_path(course, record), notebook_run.placeholder_notebook(origin.student, record.problem))
            elif record.path:
                tasks.append(job.Task(record, sub, kit, build))

    def show(record: Restored, execution: Execution) -> None:
        notebook = nb.parse((build / record.path).read_bytes(), record.path)
        write_text(_shown_path(course, record), notebook_run.executed_notebook(notebook, execution))

    return pool.execute_all(tasks, build, crew, show, progress)


def _show_rubrics(course: Course, found: _Class) -> None:
    """Below every answer that a person reads; of kept executions too, since a rubric may have changed."""
    notebooks = {origin.name: origin.notebook for origin in found.sources}
    for record in found.restored.values():
        path = _shown_path(course, record)
        if path.is_file():
            before = path.read_text(encoding="utf-8")
            after = rubric.with_rubrics(before, notebooks[record.notebook])
            if after != before:
                write_text(path, after)


def _can_isolate() -> bool:
    """An author's own notebook may run bare where there is no sandbox."""
    try:
        spec.check()
    except spec.SandboxError:
        return False
    return True


def _kit(course: Course, assignment: Assignment, origin: merge.Source, crew: Crew) -> job.Kit:
    return job.make_kit(
        assignment,
        origin.name,
        origin.notebook,
        origin.student,
        course.build / assignment.name / "graded_build",
        course.root,
        isolated=crew.isolated,
        warm=crew.warm,
        hidden=(course.root, course.build),
    )


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


def _sources(course: Course, assignment: Assignment) -> list[merge.Source]:
    if not (course.build / assignment.name / "graded_build").is_dir():
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
        sources.append(merge.Source(name, notebook, source.student_notebook(notebook, name)[0]))
    return sources


def _shown_path(course: Course, record: Restored) -> Path:
    """Where the formgrader looks for an executed notebook."""
    return course.build / "autograded" / record.student / record.assignment / f"{record.notebook}.ipynb"
