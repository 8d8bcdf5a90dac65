"""`hw …`: the verbs of the course staff. The only file that prints, with those for authors (`authors`)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grading import console, display, progress, versions
from grading import course as courses
from grading.authors import check, new, solutions
from grading.course import Course
from grading.records import GradingError
from grading.settings import ARGUMENTS, Assignment, Regrade, RunOptions


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        _refuse_unknown_verb(argv)
        options = _parser().parse_args(argv)
        if options.run in _WITHOUT_A_COURSE:
            return int(options.run(options))
        course = courses.load(options.course or courses.find(Path.cwd()))
        if getattr(options, "db", None):
            course = replace(course, db=courses.database(options.db, Path.cwd()))
        options.assignment = options.assignment or course.only()
        assignments = course.named(options.assignment)
        if options.run in (mark, stats, export, bundle):  # one desk, page or column for the whole homework
            options.run(course, assignments, options)
            return 0
        _say(courses.each(assignments, lambda assignment: options.run(course, assignment, options)))
        if options.verb == "release" and options.assignment in course.homeworks:
            from grading import staff

            _say(staff.bundle(course, options.assignment))
    except GradingError as error:
        console.err.print("\n".join([str(error), *getattr(error, "__notes__", ())]), style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.err.print("stopped; what was finished is kept, the same command goes on from here")
        os._exit(130)  # submissions that are running end with this process
    except BrokenPipeError:
        return 1  # the reader of our output has left
    except OSError as error:
        if not (message := display.system_error(error)):
            raise
        console.err.print(message, style="red", markup=False, soft_wrap=True)
        return 1
    return 0


def release(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Build what students get: notebooks and hw_lib without the answers, audited for leaks, the tests tried."""
    from grading import release as room
    from grading import releasing

    secret = course.workspace(assignment).secret
    known = secret.exists()
    with progress.spinner(console.out, f"releasing {assignment.name}: audit, the author's notebooks, a blank one"):
        made, checked = releasing.release(course, assignment)
    files = ", ".join(made.files)
    console.out.print(f"released   {display.path(made.folder)}  ({files}; audited: nothing of an answer in it)", soft_wrap=True)
    console.out.print(f"           {display.path(made.archive)}")
    if not known:
        console.out.print(
            f"secret     {display.path(secret)}  (hidden inputs are drawn from it: keep a copy, show it to nobody)",
            soft_wrap=True,
        )
    if checked:
        said = "give the same apart and beside the answers, and nothing to a blank notebook"
        console.out.print(f"tests      {said}: {', '.join(checked)}", markup=False, soft_wrap=True)
    lines = room.standing(course, assignment, own=False) if options.assignment == assignment.name else ()
    _say((f"homework   {line}" for line in lines), style="yellow")


def _say(lines: Iterable[str], where: Any = None, style: str | None = None) -> None:
    for line in lines:
        (where or console.out).print(line, style=style, markup=False, soft_wrap=True)


def collect(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Copy submissions in: a folder of <student>/*.ipynb, or a download of nbgrader or Gradescope (folder or zip)."""
    from grading import collect as room

    collected = room.collect(options.source, course, assignment)
    count = len(collected.submissions)
    console.out.print(f"collected  {count} submissions from {display.path(options.source)}", markup=False, soft_wrap=True)
    _say(f"           {note}" for note in collected.notes)
    if collected.gone:
        console.out.print(f"           no longer in the class: {', '.join(collected.gone)}", markup=False)


def grade(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Run every submission in the sandbox, score it and write the gradebook; what has not changed is not run again."""
    from grading import pipeline, sandbox
    from grading.marks import Verdict

    if options.no_sandbox:
        said = "no sandbox. Students' code runs with your rights: it can read and change your files."
        console.err.print(f"WARNING: {said}", style="bold red")
    elif not options.scheduler and (warning := sandbox.check()):
        console.err.print(f"WARNING: {warning}", style="bold yellow", markup=False, soft_wrap=True)
    jobs = options.jobs or course.jobs
    how = RunOptions(not options.no_sandbox, not options.cold, jobs, options.scheduler, options.shard, options.draw)
    with progress.bar(console.out, f"grading {assignment.name}") as advance:
        if how.shard:
            count = pipeline.run_shard(course, assignment, how, advance)
        else:
            may = Regrade(options.dry_run, options.only_up, options.student, options.part)
            cards, changed = pipeline.regrade(course, assignment, how, advance, may)
    if how.shard:
        shard = f"{how.shard.number}/{how.shard.of}"
        hw = display.program()
        console.out.print(f"executed   shard {shard}, {count} submissions; when all shards are: {hw} grade {assignment.name}")
        return
    faults = sorted({mark.reason for card in cards for mark in card.marks if mark.verdict is Verdict.UNJUDGED})
    _say((f"could not be judged: {reason}" for reason in faults[:3]), console.err, "yellow")
    aside = pipeline.set_aside(course, assignment)
    if aside or changed.students:  # what makes pages takes a fifth of a second to import
        from grading import pages, staff

        _say(pages.aside_lines(aside, assignment.name), console.err, "yellow")
        _say(staff.changed(course, assignment, changed, dry_run=options.dry_run))
    if options.dry_run:
        return
    console.out.print(f"graded     {len(cards)} submissions into {display.gradebook(course.db)}", markup=False, soft_wrap=True)


def feedback(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Write one page per student: every part, its points, and what kind of mistake it looks like."""
    from grading import pages, pipeline, staff

    cards = pipeline.cards_for_students(course, assignment)
    staff.publish(course, assignment, cards, "feedback")
    index = pages.write_pages(cards, assignment, course.workspace(assignment), pages.setting(course, assignment))
    console.out.print(f"feedback   {display.path(index)}  ({len(cards)} pages)")


def export(course: Course, assignments: Sequence[Assignment], options: argparse.Namespace) -> None:
    """Write the grades as CSV, and into the file that you downloaded from Canvas, Moodle or Gradescope."""
    from grading import returning

    _say(returning.export(course, assignments, options.assignment, options))


def bundle(course: Course, assignments: Sequence[Assignment], options: argparse.Namespace) -> None:
    """Pack what grades every hand-in on the platform itself: Gradescope's autograder, as one zip."""
    from grading import autograding

    _say(autograding.bundle(course, assignments, options.assignment, options.minutes))


def similar(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Compare the answers of a class with one another and with the library, for a person to look at; runs none of them."""
    from grading import pages, pipeline

    with progress.spinner(console.out, f"comparing {assignment.name}"):
        found = pipeline.resemblances(course, assignment)
        path = pages.write_similar(found, assignment, course.workspace(assignment))
    _say(pages.similar_lines(found))
    console.out.print(f"similar    {display.path(path)}  ({found.students} students, {found.answers} answers)", markup=False)


def requests(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """List what students ask to be looked at again, or write it down or answer it."""
    from grading import staff

    _say(staff.requests(course, assignment, options))


def stats(course: Course, assignments: Sequence[Assignment], options: argparse.Namespace) -> None:
    """Show the class in figures, on one page and as CSV: what was hard, misunderstood, or is to be doubted, and what waits."""
    from grading import staff

    with progress.spinner(console.out, "counting"):
        lines = staff.stats(course, assignments, options.assignment, options.sections)
    _say(lines)


def report(course: Course, assignment: Assignment, options: argparse.Namespace) -> None:
    """Print the table of the class, or every cell of one student."""
    from grading import collect as collecting
    from grading import pages, pipeline, staff

    if options.told:
        _say(staff.told(course, assignment, options.told, options.student))
        return
    cards, work = pipeline.cards(course, assignment), course.workspace(assignment)
    if options.student:
        names = [card.student for card in cards]
        if options.student not in names:
            raise courses.AbsentError(courses.unknown("student", options.student, names))
        console.out.print(pages.student_table(cards[names.index(options.student)]))
        return
    view = pages.View(options.sort, options.needs_look, options.part)
    with staff.pager(console.out, len(cards)):
        console.out.print(pages.class_table(cards, assignment, console.out.width, view))
    if assignment.leaderboard:
        found = pages.entries(assignment.leaderboard, cards, collecting.submissions(work), work)
        console.out.print(pages.leaderboard_table(found, assignment.leaderboard, names=options.names))
    aside, same = pipeline.set_aside(course, assignment), pipeline.same_evidence(course, assignment)
    lines = *pages.late_lines(cards, assignment), *pages.aside_lines(aside, assignment.name), *pages.evidence_lines(same)
    _say(lines, style="yellow")
    _say(staff.below_table(course, assignment, cards[0].student))


def mark(course: Course, assignments: Sequence[Assignment], options: argparse.Namespace) -> None:
    """Read the written answers in a browser, question by question; everything is saved in the gradebook when it is chosen."""
    from grading import mark as room

    with progress.spinner(console.out, "laying out the answers"):
        desk = room.desk(course, assignments)
    _say(f"mark       {line}" for line in room.run(desk, options))


def doctor(_: argparse.Namespace) -> int:
    """Try what this machine stops: a harmless escape notebook in every kind of sandbox it has."""
    from grading import sandbox

    with progress.spinner(console.out, "trying to escape"):
        reports = sandbox.examine()
    for line, style in sandbox.described(reports):
        console.out.print(line, style=style, markup=False, soft_wrap=True)
    return 0 if sandbox.is_safe(reports) else 1


_RUNNING = ("--draw", "--jobs", "--no-sandbox", "--cold", "--scheduler", "--shard", "--db")
_VERBS: dict[Callable[[Course, Any, argparse.Namespace], None], tuple[str, ...]] = {  # what each takes besides the assignment
    release: (),
    collect: ("source",),
    grade: ("--dry-run", "--only-up", "--student", "--part", *_RUNNING),
    similar: (),
    mark: ("--port", "--no-browser", "--to-csv", "--from-csv", "--rubric", "--db"),
    feedback: ("--db",),
    report: ("--student", "--part", "--sort", "--needs-look", "--told", "--names", "--db"),
    requests: ("--student", "--cell", "--say", "--answer", "--by", "--db"),
    stats: ("--sections", "--db"),
    export: ("--canvas", "--moodle", "--gradescope", "--column", "--roster", "--db"),
    bundle: ("--minutes",),
    solutions: (),
}
_WITHOUT_A_COURSE = (new, check, doctor)  # what they have to know they find themselves


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hw", description="From source notebooks to a release, and from submissions to grades. Run the verbs in this order."
    )
    parser.add_argument("--course", type=Path, help="the course.toml to use (default: the one here or in a folder above)")
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    _add(verbs, new).add_argument("folder", type=Path, help="where the course will be: a folder that is empty, or not there yet")
    checks = _add(verbs, check)
    checks.add_argument("notebook", type=Path, help="the source notebook that you are writing")
    checks.add_argument("--watch", action="store_true", help="check again whenever it is saved")
    for run, names in _VERBS.items():
        verb = _add(verbs, run)
        if run is bundle:
            verb.add_argument("platform", choices=["gradescope"], help="where it is for")
        about = "an assignment or a homework of course.toml, for example dropout; not needed where there is one alone"
        verb.add_argument("assignment", nargs="?", default="", help=about)
        for name in names:
            verb.add_argument(name, **ARGUMENTS[name])
    _add(verbs, doctor)
    return parser


class _Version(argparse.Action):
    """Looks the version up when somebody asks for it."""

    def __call__(self, *_: object) -> None:
        console.out.print(f"hw {versions.ours()}", markup=False)
        sys.exit(0)


def _add(verbs: Any, run: Callable[..., Any]) -> argparse.ArgumentParser:
    """A verb with its function's name and description."""
    made: argparse.ArgumentParser = verbs.add_parser(run.__name__, help=(run.__doc__ or "").rstrip("."), description=run.__doc__)
    made.set_defaults(run=run)
    return made


def _refuse_unknown_verb(argv: Sequence[str]) -> None:
    """A mistyped verb gets a guess, as a mistyped assignment does."""
    words = [word for word in argv if not word.startswith("-")]
    if argv and argv[0] == "--course":
        words = words[1:]
    known = [run.__name__ for run in (*_WITHOUT_A_COURSE, *_VERBS)]
    if words and words[0] not in known:
        raise courses.CourseError(courses.unknown("verb", words[0], known))


if __name__ == "__main__":
    sys.exit(main())
