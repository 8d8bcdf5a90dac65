"""Knows the order: collect, restore, execute, score, gradebook. Prints nothing.

Every stage but one is cheap and pure and is simply repeated; executions are cached under a hash of everything that went into them
(`execute`), so that a second run, or one after a crash, executes only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from grading import collect, display, execute, files, gradebook, mark, pages, restore, sandbox, secret, similar, versions
from grading import release as handout
from grading.course import Course
from grading.deadline import judge
from grading.execute import Executions
from grading.marks import Aside, Scorecard
from grading.progress import Step
from grading.records import GradingError, Restored, Submission, load, save
from grading.resemblance import Resemblances, SameEvidence
from grading.score import NotebookOutcome, score
from grading.settings import Assignment, RunOptions
from grading.source import Source, read_all
from grading.workspace import Workspace


class PipelineError(GradingError):
    """A stage was asked for before the one it needs."""


@dataclass(frozen=True)
class _Run:
    """A class, or a share of it, after its notebooks were run."""

    sources: list[Source]
    submissions: list[Submission]
    restored: dict[tuple[str, str], Restored]  # by student and notebook
    executions: Executions

    def outcomes(self, student: str) -> list[NotebookOutcome]:
        """What became of a student's notebooks."""
        records = [(source.notebook, self.restored[student, source.name]) for source in self.sources]
        return [NotebookOutcome(notebook, record, self.executions.of(record)) for notebook, record in records]


def release(course: Course, assignment: Assignment) -> tuple[handout.Release, list[str]]:
    """Make a release of an assignment; nothing appears before its tests were tried, too.

    Returns:
        What was made, and the notebooks that were run for it.

    Raises:
        ReleaseError, SourceError: a source breaks a rule, or the hand-out would give something away.
        ParityError, FreePointsError: what `execute.check_tests` found. Notes of the error say what is left of earlier releases.
    """
    checked: list[str] = []
    try:
        made = handout.release(course, assignment, lambda build: checked.extend(execute.check_tests(course, assignment, build)))
    except GradingError as error:
        if isinstance(error, handout.LeakError):
            page = pages.write_leaks(error.leaks, assignment, course.workspace(assignment))
            error.add_note(f"  both sides of each: {display.path(page)}")
        for line in handout.standing(course, assignment, own=True):
            error.add_note(f"  {line}")
        raise
    return made, checked


def grade(
    course: Course,
    assignment: Assignment,
    options: RunOptions | None = None,
    progress: Callable[[Step], None] = lambda _: None,
) -> list[Scorecard]:
    """Restore, execute, score and record every collected submission.

    Args:
        course: where everything lies.
        assignment: what to grade.
        options: how submissions are run; in a sandbox, forked, as many at a time as course.toml says by default.
        progress: called after every notebook.

    Returns:
        One scorecard per student, sorted by student.

    Raises:
        SandboxError: no sandbox can be had and one was asked for.
        WorkerError: no worker can run a submission.
        PipelineError, CollectError: nothing was released or collected.
    """
    work = course.workspace(assignment)
    run = _run(course, assignment, options or RunOptions(jobs=course.jobs), progress)
    gradebook.write_notebooks(work, run.sources, run.restored.values(), run.executions.of)
    library, given = similar.Library(course.root, work.graded_build), [similar.Given(source) for source in run.sources]
    copied = {sub.student: library.flags(_handed_in([sub], given, work)) for sub in run.submissions}
    cards = [
        replace(
            score(assignment, sub.student, run.outcomes(sub.student), sub.notes, copied[sub.student], sub.told),
            handed_in=sub.handed_in,
        )
        for sub in run.submissions
    ]
    _take_over(course, assignment)
    gradebook.write(course.db, assignment.name, {source.name: source.notebook for source in run.sources}, cards)
    _save(work, cards)  # after the gradebook, which may refuse: the table shows what it holds
    return cards


def _take_over(course: Course, assignment: Assignment) -> None:
    """Give a renamed assignment what people gave under its old name."""
    if not assignment.formerly:
        return
    if assignment.formerly in course.assignments:
        raise PipelineError(
            f"{assignment.name} cannot take over what people gave for {assignment.formerly}",
            expected="the old name of an assignment that was renamed",
            got=f"formerly = {assignment.formerly!r}, which course.toml still has as an assignment",
            fix="correct `formerly`, or take the other one out of course.toml",
        )
    gradebook.adopt(course.db, assignment.formerly, assignment.name)
    mark.adopt(course.db, assignment.formerly, assignment.name)


def run_shard(
    course: Course, assignment: Assignment, options: RunOptions, progress: Callable[[Step], None] = lambda _: None
) -> int:
    """Restore and execute the share of the submissions that `options.shard` names; `grade` gathers them. Returns how many.

    Shards may run at the same time on machines that share the build folder: none writes what another one writes.
    """
    return len(_run(course, assignment, options, progress).submissions)


def cards(course: Course, assignment: Assignment) -> list[Scorecard]:
    """The scorecards of the last grading, with what people have decided since, and what the deadline makes of them today."""
    found = [load(path, Scorecard) for path in sorted(course.workspace(assignment).scorecards.glob("*.json"))]
    if not found:
        raise PipelineError(
            f"nothing was graded for {assignment.name}", expected="scorecards", got="none", fix=f"hw grade {assignment.name}"
        )
    decided = gradebook.with_manual_grades(course.db, found)
    if (rule := assignment.deadline) is None:
        return decided
    return [replace(card, lateness=judge(rule, card.student, card.handed_in)) for card in decided]


def cards_for_students(course: Course, assignment: Assignment) -> list[Scorecard]:
    """The same with what students are told of how a person read their answers."""
    return mark.explained(course, assignment, cards(course, assignment))


def set_aside(course: Course, assignment: Assignment) -> list[Aside]:
    """What students have in cells that the homework no longer asks, and in assignments that the course no longer has."""
    return [*gradebook.set_aside(course.db, assignment.name), *gradebook.unlisted(course.db, course.assignments.keys())]


def resemblances(course: Course, assignment: Assignment) -> Resemblances:
    """What is alike in the submissions of the last grading. Runs none of them.

    Raises:
        PipelineError, CollectError: nothing was released, collected or graded.
    """
    work, given = course.workspace(assignment), [similar.Given(source) for source in _released(course, assignment)]
    handed = _handed_in(collect.submissions(work), given, work)
    if not handed:
        got, fix = "no restored notebook", f"hw grade {assignment.name}"
        raise PipelineError(f"nothing was graded for {assignment.name}", expected="restored notebooks", got=got, fix=fix)
    library = similar.Library(course.root, work.graded_build)
    return similar.resemblances(handed, given, library, same_evidence(course, assignment))


def same_evidence(course: Course, assignment: Assignment) -> list[SameEvidence]:
    """Records and weights that more than one student of the class handed in."""
    work = course.workspace(assignment)
    return similar.same_evidence(collect.submissions(work), work)


def _handed_in(submissions: Iterable[Submission], given: Sequence[similar.Given], work: Workspace) -> list[similar.Handed]:
    """What students wrote, notebook by notebook; nothing for a notebook that was not handed in or cannot be read."""
    return [handed for sub in submissions for each in given if (handed := similar.handed_in(sub, each, work))]


def _run(course: Course, assignment: Assignment, options: RunOptions, progress: Callable[[Step], None]) -> _Run:
    """Everything up to the executions."""
    work = course.workspace(assignment)
    versions.check(course)
    if options.sandbox and not options.scheduler:
        sandbox.check()
    sources = _released(course, assignment)
    submissions = collect.submissions(work)
    if options.shard:
        submissions = submissions[options.shard.number - 1 :: options.shard.of]
    files.sweep()  # what killed gradings left behind
    for folder in (work.folder, work.formgraders):
        files.sweep_strays(folder)
    restored = {(sub.student, source.name): restore.restore(sub, source, work) for sub in submissions for source in sources}
    shared = execute.shared_inputs(course, assignment, sources, options, secret.read_or_make(work.secret))
    notebooks = [(sub, restored[sub.student, source.name]) for source in sources for sub in submissions]
    return _Run(sources, submissions, restored, execute.execute_all(notebooks, shared, work, options, progress))


def _released(course: Course, assignment: Assignment) -> list[Source]:
    if not course.workspace(assignment).graded_build.is_dir():
        raise PipelineError(
            f"{assignment.name} was not released",
            expected="a student build of hw_lib, for the sandbox",
            got="none",
            fix=f"hw release {assignment.name}",
        )
    return read_all(course, assignment)


def _save(work: Workspace, cards: Iterable[Scorecard]) -> None:
    """Save the scorecards, and no others; the gradebook keeps what it has of students who are no longer in the class."""
    wanted = {work.scorecard(card.student): card for card in cards}
    for path in work.scorecards.glob("*.json"):
        if path not in wanted:
            path.unlink()
    for path, card in wanted.items():
        save(path, card)
