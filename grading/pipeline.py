"""Knows the order: release; collect, restore, execute, score, gradebook. Prints nothing.

What reads the last grading runs no stage, and does not import them.

Every stage but one is cheap and pure and is simply repeated; executions are cached under a hash of everything that went into them
(`execute`), so that a second run, or one after a crash, executes only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from grading import changes, collect, gradebook, kept, similar
from grading import notebook as nb
from grading.changes import ClassChanges
from grading.course import AbsentError, Course, unknown
from grading.deadline import judge
from grading.marks import Aside, Scorecard
from grading.progress import Step
from grading.records import PipelineError
from grading.resemblance import Resemblances, SameEvidence
from grading.settings import Assignment, Regrade, RunOptions

__all__ = ["PipelineError"]


def grade(
    course: Course,
    assignment: Assignment,
    options: RunOptions | None = None,
    progress: Callable[[Step], None] = lambda _: None,
) -> list[Scorecard]:
    """Restore, execute, score and record every collected submission; the arguments and errors are those of `regrade`.

    Returns:
        One scorecard per student, sorted by student.
    """
    return regrade(course, assignment, options, progress)[0]


def regrade(
    course: Course,
    assignment: Assignment,
    options: RunOptions | None = None,
    progress: Callable[[Step], None] = lambda _: None,
    how: Regrade | None = None,
) -> tuple[list[Scorecard], ClassChanges]:
    """Grade what was collected, and say what that changes in the last grading.

    Args:
        course: where everything lies.
        assignment: what to grade.
        options: how submissions are run; in a sandbox, forked, as many at a time as course.toml says by default.
        progress: called after every notebook.
        how: what may change; everything by default. A dry run writes executions, which are kept for the next one, and no grade.

    Returns:
        One scorecard per student, sorted by student, and what is not as it was.

    Raises:
        SandboxError: no sandbox can be had and one was asked for.
        WorkerError: no worker can run a submission.
        PipelineError, CollectError: nothing was released or collected.
        AbsentError: nobody has the name of the one student, or nothing that of the one part.
    """
    from grading import stages

    how, work = how or Regrade(), course.workspace(assignment)
    _refuse_unknown(how.part, course, assignment)
    run = stages.run(course, assignment, options or RunOptions(jobs=course.jobs), progress, how.student)
    before = {card.student: card for card in kept.scorecards(work, damaged=False)}
    made = {card.student: card for card in (*run.same, *stages.scored(course, assignment, run))}
    new = {student: _allowed(card, before.get(student), how) for student, card in made.items()}
    merged = {**before, **new} if how.student else new
    cards = [merged[student] for student in sorted(merged)]
    changed = _compared(course, assignment, before, merged)
    if how.dry_run:
        return cards, changed
    files = {
        (sub.student, name): work.submission(sub.student) / file for sub in run.submissions for name, file in sub.notebooks.items()
    }
    gradebook.write_notebooks(
        work,
        run.sources,
        run.restored.values(),
        run.executions.of,
        lambda record: files[record.student, record.notebook].read_bytes(),
    )
    _take_over(course, assignment)
    gradebook.write(course.db, assignment.name, {source.name: source.notebook for source in run.sources}, cards)
    kept.save(work, cards)  # after the gradebook, which may refuse: the table shows what it holds
    for sub in run.submissions:
        final = new[sub.student] == made[sub.student] and not run.executions.to_try_again(sub.student)
        (run.keeper.keep if final else run.keeper.forget)(sub)
    return cards, changed


def _refuse_unknown(part: str, course: Course, assignment: Assignment) -> None:
    """A part that nothing is in, before anything is run for it."""
    if part:
        from grading import stages

        sources = stages.released(course, assignment)
        parts = dict.fromkeys(nb.part(cell) for source in sources for cell in source.notebook["cells"] if nb.is_grade(cell))
        if part not in parts:
            raise AbsentError(unknown("part", part, parts))


def _allowed(card: Scorecard, before: Scorecard | None, how: Regrade) -> Scorecard:
    """The new card as far as it may differ from the earlier one."""
    if before is None:
        return card
    card = changes.one_part(before, card, how.part) if how.part else card
    return changes.better(before, card) if how.only_up else card


def _compared(
    course: Course, assignment: Assignment, before: Mapping[str, Scorecard], after: Mapping[str, Scorecard]
) -> ClassChanges:
    """What differs, as points count: what people gave stands in both."""
    given = gradebook.standing(course.db, assignment.name)
    old, new = (
        changes.Grading(cards, {student: given.counted(card) for student, card in cards.items()}) for cards in (before, after)
    )
    return changes.changes(old, new, given.by_hand(before))


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
    from grading import mark  # with what people read answers in, which grading does not need

    gradebook.adopt(course.db, assignment.formerly, assignment.name)
    mark.adopt(course.db, assignment.formerly, assignment.name)


def run_shard(
    course: Course, assignment: Assignment, options: RunOptions, progress: Callable[[Step], None] = lambda _: None
) -> int:
    """Restore and execute the share of the submissions that `options.shard` names; `grade` gathers them. Returns how many.

    Shards may run at the same time on machines that share the build folder: none writes what another one writes.
    """
    from grading import stages

    return len(stages.run(course, assignment, options, progress).submissions)


def cards(course: Course, assignment: Assignment) -> list[Scorecard]:
    """The scorecards of the last grading, with what people have decided since, and what the deadline makes of them today."""
    found = kept.scorecards(course.workspace(assignment))
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
    from grading import mark

    return mark.explained(course, assignment, cards(course, assignment))


def set_aside(course: Course, assignment: Assignment) -> list[Aside]:
    """What students have in cells that the homework no longer asks, and in assignments that the course no longer has."""
    return [*gradebook.set_aside(course.db, assignment.name), *gradebook.unlisted(course.db, course.assignments.keys())]


def resemblances(course: Course, assignment: Assignment) -> Resemblances:
    """What is alike in the submissions of the last grading. Runs none of them.

    Raises:
        PipelineError, CollectError: nothing was released, collected or graded.
    """
    from grading import stages

    work, given = course.workspace(assignment), stages.given(course, assignment, stages.released(course, assignment))
    handed = stages.handed_in(collect.submissions(work), given, work)
    if not handed:
        got, fix = "no restored notebook", f"hw grade {assignment.name}"
        raise PipelineError(f"nothing was graded for {assignment.name}", expected="restored notebooks", got=got, fix=fix)
    library = similar.Library(course.library, work.graded_build)
    return similar.resemblances(handed, given, library, same_evidence(course, assignment))


def same_evidence(course: Course, assignment: Assignment) -> list[SameEvidence]:
    """Records and weights that more than one student of the class handed in."""
    work = course.workspace(assignment)
    return similar.same_evidence(collect.submissions(work), work)
