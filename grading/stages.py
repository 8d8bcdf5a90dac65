"""From what was collected to marks: restore, execute, score. Knows no gradebook, and imports nothing that does.

So it is what runs where there is none and little memory: nbgrader alone takes 60 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from grading import collect, execute, files, restore, sandbox, secret, similar, supplies, versions
from grading.course import AbsentError, Course, unknown
from grading.execute import Executions
from grading.kept import Keeper
from grading.marks import Scorecard
from grading.progress import Step, counted
from grading.records import PipelineError, Restored, Submission
from grading.score import NotebookOutcome, score
from grading.settings import Assignment, RunOptions
from grading.source import Source, read_all
from grading.workspace import Workspace


@dataclass(frozen=True)
class Run:
    """A class, or a share of it, after its notebooks were run."""

    sources: list[Source]
    submissions: list[Submission]
    restored: dict[tuple[str, str], Restored]  # by student and notebook
    executions: Executions
    keeper: Keeper
    same: list[Scorecard]  # of students who are not run: nothing has changed

    def outcomes(self, student: str) -> list[NotebookOutcome]:
        """What became of a student's notebooks."""
        records = [(source.notebook, self.restored[student, source.name]) for source in self.sources]
        return [NotebookOutcome(notebook, record, self.executions.of(record)) for notebook, record in records]


def run(course: Course, assignment: Assignment, options: RunOptions, progress: Callable[[Step], None], student: str = "") -> Run:
    """Everything up to the executions; of one student where they are named."""
    work = course.workspace(assignment)
    versions.check(course)
    if options.sandbox and not options.scheduler:
        sandbox.check()
    sources = released(course, assignment)
    submissions = collect.submissions(work)
    if student:
        submissions = [sub for sub in submissions if sub.student == student] or _nobody(student, submissions)
    if options.shard:
        submissions = submissions[options.shard.number - 1 :: options.shard.of]
    files.sweep()  # what killed gradings left behind
    for folder in (work.folder, work.formgraders):
        files.sweep_strays(folder)
    shared = execute.shared_inputs(course, assignment, sources, options, secret.read_or_make(work.secret))
    keeper = Keeper(work, assignment, sources, {name: f"{inputs.key} {inputs.draw}" for name, inputs in shared.items()})
    same = [] if options.shard else [card for sub in submissions if (card := keeper.card(sub))]
    submissions = _without(submissions, same)
    restored = {(sub.student, source.name): restore.restore(sub, source, work) for sub in submissions for source in sources}
    notebooks = [(sub, restored[sub.student, source.name]) for source in sources for sub in submissions]
    count = counted(progress, [card.student for card in same], len(sources), len(notebooks))
    return Run(sources, submissions, restored, execute.execute_all(notebooks, shared, work, options, count), keeper, same)


def _without(submissions: Iterable[Submission], same: Iterable[Scorecard]) -> list[Submission]:
    names = {card.student for card in same}
    return [sub for sub in submissions if sub.student not in names]


def _nobody(student: str, submissions: Iterable[Submission]) -> list[Submission]:
    raise AbsentError(unknown("student", student, [sub.student for sub in submissions]))


def released(course: Course, assignment: Assignment) -> list[Source]:
    """The sources of an assignment.

    Raises:
        PipelineError: it was not released, so there is no library for the sandbox.
    """
    if not course.workspace(assignment).graded_build.is_dir():
        raise PipelineError(
            f"{assignment.name} was not released",
            expected="a student build of hw_lib, for the sandbox",
            got="none",
            fix=f"hw release {assignment.name}",
        )
    return read_all(course, assignment)


def scored(course: Course, assignment: Assignment, run: Run) -> list[Scorecard]:
    """Marks for everybody who was run, copies of the library flagged."""
    if not run.submissions:  # reading the library takes longer than finding that nothing has changed
        return []
    work = course.workspace(assignment)
    library, own = similar.Library(course.library, work.graded_build), given(course, assignment, run.sources)
    copied = {sub.student: library.flags(handed_in([sub], own, work)) for sub in run.submissions}
    return [
        replace(
            score(assignment, sub.student, run.outcomes(sub.student), sub.notes, copied[sub.student], sub.told),
            handed_in=sub.handed_in,
        )
        for sub in run.submissions
    ]


def given(course: Course, assignment: Assignment, sources: Iterable[Source]) -> list[similar.Given]:
    """What the author gave with each notebook."""
    return [similar.Given(source, supplies.read(course, assignment).released) for source in sources]


def handed_in(submissions: Iterable[Submission], own: Sequence[similar.Given], work: Workspace) -> list[similar.Handed]:
    """What students wrote, notebook by notebook; nothing for a notebook that was not handed in or cannot be read."""
    return [handed for sub in submissions for each in own if (handed := similar.handed_in(sub, each, work))]
