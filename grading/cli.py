"""`hw …`: the verbs of the course staff. The only file that prints."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from grading import course as courses
from grading import display, progress
from grading.course import Course
from grading.marks import Verdict
from grading.records import GradingError
from grading.settings import ARGUMENTS, Assignment, RunOptions

# piped into a file or a pager, the table has room; a terminal says itself how wide it is
out = Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 140)
err = Console(stderr=True, highlight=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        _refuse_unknown_verb(argv)
        options = _parser().parse_args(argv)
        if options.verb == "doctor":
            return doctor()
        course = courses.load(options.course or courses.find(Path.cwd()))
        if getattr(options, "db", None):
            course = replace(course, db=courses.database(options.db, Path.cwd()))
        assignments = course.named(options.assignment)
        if options.run is mark:  # one desk for the whole homework
            mark(course, assignments, options)
            return 0
        for assignment in assignments:
            options.run(course, assignment, options)
        if options.verb == "release" and options.assignment in course.homeworks:
            _bundle(course, options.assignment)
    except GradingError as error:
        err.print("\n".join([str(error), *getattr(error, "__notes__", ())]), style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        err.print("stopped; what was finished is kept, the same command goes on from here")
        os._exit(130)  # submissions that are running end with this process
    except BrokenPipeError:
        return 1  # the reader of our output has left
    except OSError as error:
        if not (message := display.system_error(error)):
            raise
        err.print(message, style="red", markup=False, soft_wrap=True)
        return 1
    return 0


def release(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Build what students get: notebooks and hw_lib without the answers, audited for leaks, the tests tried."""
    from grading import pipeline
    from grading import release as room

    secret = course.workspace(assignment).secret
    known = secret.exists()
    with progress.spinner(out, f"releasing {assignment.name}: audit, the author's notebooks, a blank one"):
        made, checked = pipeline.release(course, assignment)
    files = ", ".join(made.files)
    out.print(f"released   {display.path(made.folder)}  ({files}; audited: nothing of an answer in it)", soft_wrap=True)
    out.print(f"           {display.path(made.archive)}")
    if not known:
        out.print(
            f"secret     {display.path(secret)}  (hidden inputs are drawn from it: keep a copy, show it to nobody)",
            soft_wrap=True,
        )
    if checked:
        said = "give the same apart and beside the answers, and nothing to a blank notebook"
        out.print(f"tests      {said}: {', '.join(checked)}", markup=False, soft_wrap=True)
    for line in room.standing(course, assignment, own=False) if options.assignment == assignment.name else ():
        out.print(f"homework   {line}", style="yellow", markup=False, soft_wrap=True)


def _bundle(course: Course, homework: str) -> None:
    from grading import release as room

    made = display.path(room.bundle(course, homework))
    out.print(f"homework   {made}  ({', '.join(course.homeworks[homework])})", markup=False)


def collect(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Copy submissions in: a folder of <student>/*.ipynb, or a download of nbgrader or Gradescope (folder or zip)."""
    from grading import collect as room

    collected = room.collect(options.source, course, assignment)
    count = len(collected.submissions)
    out.print(f"collected  {count} submissions from {display.path(options.source)}", markup=False, soft_wrap=True)
    for note in collected.notes:
        out.print(f"           {note}", markup=False, soft_wrap=True)
    if collected.gone:
        out.print(f"           no longer in the class: {', '.join(collected.gone)}", markup=False)


def grade(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Run every submission in the sandbox, score it and write the gradebook; what has not changed is not run again."""
    from grading import pages, pipeline, sandbox

    if options.no_sandbox:
        err.print("WARNING: no sandbox. Students' code runs with your rights: it can read and change your files.", style="bold red")
    elif not options.scheduler and (warning := sandbox.check()):
        err.print(f"WARNING: {warning}", style="bold yellow", markup=False, soft_wrap=True)
    jobs = options.jobs or course.jobs
    how = RunOptions(not options.no_sandbox, not options.cold, jobs, options.scheduler, options.shard)
    with progress.bar(out, f"grading {assignment.name}") as advance:
        if how.shard:
            count = pipeline.run_shard(course, assignment, how, advance)
        else:
            cards = pipeline.grade(course, assignment, how, advance)
    if how.shard:
        shard = f"{how.shard.number}/{how.shard.of}"
        hw = display.program()
        out.print(f"executed   shard {shard}, {count} submissions; when all shards are: {hw} grade {assignment.name}")
        return
    faults = sorted({mark.reason for card in cards for mark in card.marks if mark.verdict is Verdict.UNJUDGED})
    for reason in faults[:3]:
        err.print(f"could not be judged: {reason}", style="yellow", markup=False, soft_wrap=True)
    for line in pages.aside_lines(pipeline.set_aside(course, assignment), assignment.name):
        err.print(line, style="yellow", markup=False, soft_wrap=True)
    out.print(f"graded     {len(cards)} submissions into {display.gradebook(course.db)}", markup=False, soft_wrap=True)


def feedback(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Write one page per student: every part, its points, and what kind of mistake it looks like."""
    from grading import pages, pipeline

    cards = pipeline.cards_for_students(course, assignment)
    index = pages.write_pages(cards, assignment, course.workspace(assignment), pages.setting(course, assignment))
    out.print(f"feedback   {display.path(index)}  ({len(cards)} pages)")


def export(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Write the grades as CSV."""
    from grading import pages, pipeline

    work, aside = course.workspace(assignment), pipeline.set_aside(course, assignment)
    for path in [*pages.write_csv(pipeline.cards(course, assignment), work), *pages.write_aside(aside, work)]:
        out.print(f"exported   {display.path(path)}")


def similar(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Compare the answers of a class with one another and with the library, for a person to look at; runs none of them."""
    from grading import pages, pipeline

    with progress.spinner(out, f"comparing {assignment.name}"):
        found = pipeline.resemblances(course, assignment)
        path = pages.write_similar(found, assignment, course.workspace(assignment))
    for line in pages.similar_lines(found):
        out.print(line, markup=False, soft_wrap=True)
    out.print(f"similar    {display.path(path)}  ({found.students} students, {found.answers} answers)", markup=False)


def report(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Print the table of the class, or every cell of one student."""
    from grading import collect as collecting
    from grading import pages, pipeline

    cards, work = pipeline.cards(course, assignment), course.workspace(assignment)
    if options.student:
        names = [card.student for card in cards]
        if options.student not in names:
            raise courses.CourseError(courses.unknown("student", options.student, names))
        out.print(pages.student_table(cards[names.index(options.student)]))
        return
    wide = out.width >= 110
    out.print(pages.class_table(cards, assignment, reasons=wide))
    for row in () if wide else pages.rows(cards):
        if row.reason:
            out.print(f"{row.student}: {row.reason}", markup=False)
    if assignment.leaderboard:
        found = pages.entries(assignment.leaderboard, cards, collecting.submissions(work), work)
        out.print(pages.leaderboard_table(found, assignment.leaderboard, names=options.names))
    aside, same = pipeline.set_aside(course, assignment), pipeline.same_evidence(course, assignment)
    for line in [*pages.late_lines(cards, assignment), *pages.aside_lines(aside, assignment.name), *pages.evidence_lines(same)]:
        out.print(line, style="yellow", markup=False, soft_wrap=True)
    out.print(f"\ngradebook  {display.gradebook(course.db)}", markup=False, soft_wrap=True)
    out.print(f"feedback   {display.path(work.feedback_index)}")
    out.print(f"csv        {display.path(work.export / 'grades.csv')}")
    _say_what_next(assignment.name, cards[0].student)


def _say_what_next(name: str, student: str) -> None:
    hw = display.program()
    lines = [
        f"{hw} report {name} --student {shlex.quote(student)}    every cell of one student",
        "make lab           the student release in JupyterLab",
        f"{hw} mark {name}    read the written answers, question by question",
        f"{hw} collect {name} FOLDER-OR-ZIP && {hw} grade {name} && {hw} report {name}    your own class",
    ]
    out.print("\nwhat to type next")
    for line in lines:
        out.print(f"  {line}", markup=False, soft_wrap=True)


def mark(course: Course, assignments: Sequence[Assignment], options: argparse.Namespace) -> None:
    """Read the written answers in a browser, question by question; everything is saved in the gradebook when it is chosen."""
    from grading import mark as room

    with progress.spinner(out, "laying out the answers"):
        desk = room.desk(course, assignments)
    for line in room.run(desk, options):
        out.print(f"mark       {line}", markup=False, soft_wrap=True)


def solutions(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Execute the source notebooks and write them, with their plots, as notebooks and web pages."""
    from grading import release as room

    for name in assignment.notebooks:
        with progress.spinner(out, f"executing {name}"):
            made = room.solve(course, assignment, name)
        for path in made:
            out.print(f"solution   {display.path(path)}")


def doctor() -> int:
    """Try what this machine stops: a harmless escape notebook in every kind of sandbox it has."""
    from grading import sandbox

    with progress.spinner(out, "trying to escape"):
        reports = sandbox.examine()
    for report in reports:
        note = "  (grading here uses this one)" if report.used else ""
        out.print(f"\n{report.kind}{note}", style="bold", markup=False)
        if report.problem:
            out.print(f"  not here: {report.problem}", markup=False, soft_wrap=True)
        for finding in report.findings:
            mark = "✓ cannot" if finding.stopped else "✗ CAN"
            out.print(f"  {mark} {finding.what}: {finding.detail}", markup=False, soft_wrap=True)
    out.print()
    for name, state in sandbox.tools():
        out.print(f"{name:24} {state}", markup=False, soft_wrap=True)
    out.print(f"\n{sandbox.summary(reports)}", markup=False, soft_wrap=True)
    findings = [finding for report in reports if report.used for finding in report.findings]
    return 0 if findings and all(finding.stopped for finding in findings) else 1


# what each verb takes besides the assignment
_VERBS: dict[Callable[[Course, Any, argparse.Namespace], None], tuple[str, ...]] = {
    release: (),
    collect: ("source",),
    grade: ("--jobs", "--no-sandbox", "--cold", "--scheduler", "--shard", "--db"),
    similar: (),
    mark: ("--port", "--no-browser", "--to-csv", "--from-csv", "--rubric", "--db"),
    feedback: ("--db",),
    report: ("--student", "--names", "--db"),
    export: ("--db",),
    solutions: (),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hw", description="From source notebooks to a release, and from submissions to grades. Run the verbs in this order."
    )
    parser.add_argument("--course", type=Path, help="the course.toml to use (default: the one here or in a folder above)")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    for run, names in _VERBS.items():
        verb = _add(verbs, run)
        verb.set_defaults(run=run)
        verb.add_argument("assignment", help="an assignment or a homework of course.toml, for example dropout")
        for name in names:
            verb.add_argument(name, **ARGUMENTS[name])
    _add(verbs, doctor)
    return parser


def _add(verbs: Any, run: Callable[..., Any]) -> argparse.ArgumentParser:
    """A verb with its function's name and description."""
    made: argparse.ArgumentParser = verbs.add_parser(run.__name__, help=(run.__doc__ or "").rstrip("."), description=run.__doc__)
    return made


def _refuse_unknown_verb(argv: Sequence[str]) -> None:
    """A mistyped verb gets a guess, as a mistyped assignment does."""
    words = [word for word in argv if not word.startswith("-")]
    if argv and argv[0] == "--course":
        words = words[1:]
    known = [run.__name__ for run in (*_VERBS, doctor)]
    if words and words[0] not in known:
        raise courses.CourseError(courses.unknown("verb", words[0], known))


if __name__ == "__main__":
    sys.exit(main())
