"""`hw …`: the verbs of the course staff. The only file that prints."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from grading import course as courses
from grading import naming, progress, refused
from grading.course import Course
from grading.records import Assignment, GradingError, Verdict

if TYPE_CHECKING:  # slow to import, and most verbs do without
    from grading.execute.pool import Shard

# piped into a file or a pager, the table has room; a terminal says itself how wide it is
out = Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 140)
err = Console(stderr=True, highlight=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        _refuse_unknown_verb(argv)
        options = _parser().parse_args(argv)
        if options.verb in _MACHINE_VERBS:
            return _MACHINE_VERBS[options.verb]()
        course = courses.load(options.course or courses.find(Path.cwd()))
        if getattr(options, "db", None):
            course = replace(course, db=courses.database(options.db, Path.cwd()))
        for assignment in course.named(options.assignment):
            _VERBS[options.verb][0](course, assignment, options)
        if options.verb == "release" and options.assignment in course.homeworks:
            _bundle(course, options.assignment)
    except GradingError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        err.print("stopped; what was finished is kept, the same command goes on from here")
        os._exit(130)  # submissions that are running end with this process
    except BrokenPipeError:
        return 1  # the reader of our output has left
    except OSError as error:
        if not (said := refused.message(error)):
            raise
        err.print(said, style="red", markup=False, soft_wrap=True)
        return 1
    return 0


def release(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Build what students get: notebooks and hw_lib without the answers, audited for leaks."""
    from grading import pipeline
    from grading.release import handout as stage

    with progress.spinner(out, f"releasing {assignment.name}"):
        made = stage.release(course, assignment)
    files = ", ".join(made.files)
    out.print(f"released   {naming.path(course, made.folder)}  ({files}; audited: no line of a solution in it)", soft_wrap=True)
    out.print(f"           {naming.path(course, made.archive)}")
    with progress.spinner(out, "running the author's notebooks with the tests apart and beside the answers"):
        proved = pipeline.prove_tests(course, assignment)
    if proved:
        out.print(f"tests      give the same apart and beside the answers: {', '.join(proved)}", markup=False, soft_wrap=True)


def _bundle(course: Course, homework: str) -> None:
    from grading.release import handout as stage

    made = naming.path(course, stage.bundle(course, homework))
    out.print(f"homework   {made}  ({', '.join(course.homeworks[homework])})", markup=False)


def collect(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Copy submissions in: a folder of <student>/*.ipynb, or a download of nbgrader or Gradescope (folder or zip)."""
    from grading.collect import collection as stage

    source = options.source or course.root / assignment.sample
    others = {name for other in course.assignments.values() for name in other.notebooks}
    collected = stage.collect(source, assignment, course.build, others)
    count = len(collected.submissions)
    out.print(f"collected  {count} submissions from {naming.path(course, source)}", markup=False, soft_wrap=True)
    for note in collected.notes:
        out.print(f"           {note}", markup=False, soft_wrap=True)
    if collected.gone:
        out.print(f"           no longer in the class: {', '.join(collected.gone)}", markup=False)


def grade(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Run every submission in the sandbox, score it and write the gradebook; what has not changed is not run again."""
    from grading import pipeline
    from grading.sandbox import spec

    if options.no_sandbox:
        err.print("WARNING: no sandbox. Students' code runs with your rights: it can read and change your files.", style="bold red")
    elif not options.scheduler and (warning := spec.check()):
        err.print(f"WARNING: {warning}", style="bold yellow", markup=False, soft_wrap=True)
    how = {"isolated": not options.no_sandbox, "warm": not options.cold, "jobs": options.jobs, "scheduler": options.scheduler}
    with progress.bar(out, f"grading {assignment.name}") as advance:
        if options.shard:
            count = pipeline.grade_shard(course, assignment, options.shard, **how, progress=advance)
            cards = []
        else:
            cards = pipeline.grade(course, assignment, **how, progress=advance)
    if options.shard:
        shard = f"{options.shard.number}/{options.shard.of}"
        out.print(f"executed   shard {shard}, {count} submissions; when all shards are: {naming.program()} grade {assignment.name}")
        return
    faults = sorted({mark.reason for card in cards for mark in card.marks if mark.verdict is Verdict.UNJUDGED})
    for reason in faults[:3]:
        err.print(f"could not be judged: {reason}", style="yellow", markup=False, soft_wrap=True)
    out.print(f"graded     {len(cards)} submissions into {naming.gradebook(course)}", markup=False, soft_wrap=True)


def feedback(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Write one page per student: every part, its points, and what kind of mistake it looks like."""
    from grading import pipeline
    from grading.pages import feedback as stage

    cards = pipeline.cards(course, assignment)
    for card in cards:
        stage.write(card, assignment, course.build)
    index = stage.write_index(cards, assignment, course.build)
    out.print(f"feedback   {naming.path(course, index)}  ({len(cards)} pages)")


def export(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Write the grades as CSV."""
    from grading import pipeline
    from grading.pages import export as stage

    for path in stage.write(pipeline.cards(course, assignment), assignment, course.build):
        out.print(f"exported   {naming.path(course, path)}")


def report(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Print the table of the class, or every cell of one student."""
    from grading import pipeline
    from grading.pages import leaderboard
    from grading.pages import report as stage

    cards = pipeline.cards(course, assignment)
    if options.student:
        names = [card.student for card in cards]
        if options.student not in names:
            raise courses.CourseError(courses.unknown("student", options.student, names))
        out.print(stage.student_table(cards[names.index(options.student)]))
        return
    wide = out.width >= 110
    out.print(stage.table(cards, assignment, reasons=wide))
    for row in () if wide else stage.rows(cards):
        if row.reason:
            out.print(f"{row.student}: {row.reason}", markup=False)
    if assignment.leaderboard:
        found = leaderboard.entries(assignment.leaderboard, cards, pipeline.submissions(course, assignment), course.build)
        out.print(leaderboard.table(found, assignment.leaderboard, names=options.names))
    build = course.build / assignment.name
    out.print(f"\ngradebook  {naming.gradebook(course)}", markup=False, soft_wrap=True)
    out.print(f"feedback   {naming.path(course, build / 'feedback' / 'index.html')}")
    out.print(f"csv        {naming.path(course, build / 'export' / 'grades.csv')}")
    out.print("\nwhat to type next")
    hw = naming.program()
    out.print(
        f"  {hw} report {assignment.name} --student {shlex.quote(cards[0].student)}    every cell of one student",
        markup=False,
        soft_wrap=True,
    )
    out.print("  make lab           the student release in JupyterLab", soft_wrap=True)
    out.print("  make formgrader    grade the written answers in nbgrader's formgrader", soft_wrap=True)
    name = assignment.name
    out.print(f"  {hw} collect {name} FOLDER-OR-ZIP && {hw} grade {name} && {hw} report {name}    your own class", soft_wrap=True)


def solutions(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Execute the source notebooks and write them, with their plots, as notebooks and web pages."""
    from grading.release import solutions as stage

    for name in assignment.notebooks:
        with progress.spinner(out, f"executing {name}"):
            made = stage.solve(course, assignment, name)
        for path in made:
            out.print(f"solution   {naming.path(course, path)}")


def doctor() -> int:
    """Try what this machine stops: a harmless escape notebook in every kind of sandbox it has."""
    from grading.sandbox import doctor as stage

    with progress.spinner(out, "trying to escape"):
        reports = stage.examine()
    for report in reports:
        note = "  (grading here uses this one)" if report.used else ""
        out.print(f"\n{report.kind}{note}", style="bold", markup=False)
        if report.problem:
            out.print(f"  not here: {report.problem}", markup=False, soft_wrap=True)
        for finding in report.findings:
            mark = "✓ cannot" if finding.stopped else "✗ CAN"
            out.print(f"  {mark} {finding.what}: {finding.detail}", markup=False, soft_wrap=True)
    out.print()
    for name, state in stage.tools():
        out.print(f"{name:24} {state}", markup=False, soft_wrap=True)
    out.print(f"\n{stage.summary(reports)}", markup=False, soft_wrap=True)
    findings = [finding for report in reports if report.used for finding in report.findings]
    return 0 if findings and all(finding.stopped for finding in findings) else 1


_VERBS: dict[str, tuple[Callable[[Course, Assignment, argparse.Namespace], None], tuple[str, ...]]] = {
    "release": (release, ()),
    "collect": (collect, ("source",)),
    "grade": (grade, ("jobs", "no_sandbox", "cold", "scheduler", "shard", "db")),
    "feedback": (feedback, ("db",)),
    "report": (report, ("student", "names", "db")),
    "export": (export, ("db",)),
    "solutions": (solutions, ()),
}

# verbs about this machine, which need no course; they return the exit status
_MACHINE_VERBS: dict[str, Callable[[], int]] = {"doctor": doctor}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hw", description="From source notebooks to a release, and from submissions to grades. Run the verbs in this order."
    )
    parser.add_argument("--course", type=Path, help="the course.toml to use (default: the one here or in a folder above)")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, (function, arguments) in _VERBS.items():
        verb = verbs.add_parser(name, help=(function.__doc__ or "").rstrip("."), description=function.__doc__)
        verb.add_argument("assignment", help="an assignment or a homework of course.toml, for example dropout")
        if "source" in arguments:
            verb.add_argument("source", type=Path, nargs="?", help="folder or zip (default: the sample class)")
        if "jobs" in arguments:
            verb.add_argument("--jobs", type=_jobs, metavar="N", help="submissions at the same time (default: course.toml)")
        if "no_sandbox" in arguments:
            verb.add_argument("--no-sandbox", action="store_true", help="run students' code without isolation: dangerous")
        if "cold" in arguments:
            verb.add_argument("--cold", action="store_true", help="start every submission from nothing instead of forking it: slow")
        if "student" in arguments:
            verb.add_argument("--student", help="show every cell of this student")
        if "names" in arguments:
            verb.add_argument("--names", action="store_true", help="say in the leaderboard who it is")
        if "scheduler" in arguments:
            verb.add_argument(
                "--scheduler", default="", metavar="tcp://HOST:8786", help="run submissions on this Dask cluster (docs/fleet.md)"
            )
        if "shard" in arguments:
            shard = "run every N-th submission only, beginning with the I-th, and write no gradebook (docs/fleet.md)"
            verb.add_argument("--shard", type=_shard, metavar="I/N", help=shard)
        if "db" in arguments:
            verb.add_argument("--db", metavar="URL", help="the gradebook, for example postgresql://… (default: course.toml)")
    for name, check in _MACHINE_VERBS.items():
        verbs.add_parser(name, help=(check.__doc__ or "").rstrip("."), description=check.__doc__)
    return parser


def _refuse_unknown_verb(argv: Sequence[str]) -> None:
    """A mistyped verb gets a guess, as a mistyped assignment does."""
    words = [word for word in argv if not word.startswith("-")]
    if argv and argv[0] == "--course":
        words = words[1:]
    known = [*_VERBS, *_MACHINE_VERBS]
    if words and words[0] not in known:
        raise courses.CourseError(courses.unknown("verb", words[0], known))


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of submissions such as 1 or 8")
    return int(text)


def _shard(text: str) -> Shard:
    from grading.execute.pool import Shard

    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a share such as 1/3, 2/3 or 3/3")
    return Shard(int(found[1]), int(found[2]))


if __name__ == "__main__":
    sys.exit(main())
