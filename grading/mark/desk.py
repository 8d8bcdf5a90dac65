"""Where people read: who gets which answer next, what they see of it, and what they decide. Knows nothing of the web."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grading import gradebook, secret
from grading.course import Course
from grading.mark import claims, decisions, following, growth, outside, overview, remarks, seconds, tables
from grading.mark.answers import Answers, Written
from grading.mark.decisions import OvertakenError
from grading.mark.growth import Version
from grading.mark.items import Rubric
from grading.mark.pile import MarkError, Pile
from grading.mark.question import Question, questions
from grading.mark.requests import Request, of_tests
from grading.mark.sheet import Row, Saved, Sheet
from grading.mark.state import Choice, same_words, stamp_of
from grading.marks import Reading
from grading.settings import Assignment
from grading.workspace import Workspace

_NOBODY = Reading(0, 0, 0, 0.0)


class Desk:
    """One course's desk; every reader of a server sits at it."""

    def __init__(self, course: Course, assignments: Iterable[Assignment], share: float = 0.05) -> None:
        """Lay everything out.

        Args:
            course: where everything lies.
            assignments: what is read.
            share: which part of the answers is read a second time, by somebody else.

        Raises:
            MarkError: nothing was graded, or nothing in it is for a person.
            RubricError, SourceError: the author has to mend something first.
            GradebookError: there is no gradebook.
        """
        self._url, self._share = course.db, share
        self._works = {assignment.name: course.workspace(assignment) for assignment in assignments}
        found = [question for assignment in assignments for question in questions(course, assignment)]
        self.questions = {question.path: question for question in found}
        self._secret = secret.read_or_make(next(iter(self._works.values())).secret)
        answers = {name: Answers(work, [one for one in found if one.assignment == name]) for name, work in self._works.items()}
        self._piles = {one.path: Pile(one, answers[one.assignment], self._secret) for one in found}
        if not found:
            names = ", ".join(self._works)
            raise MarkError("nothing here is for a person", expected="answer cells with points", got=f"none in {names}")
        tables.create(self._url)
        self._refuse_other_courses()

    # ---- the page of questions ----

    def rows(self) -> list[Row]:
        """Every question and how far reading has come."""
        with gradebook.looking(self._url) as connection:
            aside = Counter(one.question for one in overview.put_aside(connection, self._piles.values()))
            readings = {name: gradebook.readings(connection, name) for name in self._works}
            people = {name: claims.everybody(connection, name) for name in self._works}

        def row(question: Question) -> Row:
            name, where = question.assignment, (question.notebook, question.cell)
            there = tuple(sorted(people[name].get(where, ())))
            return Row(question, readings[name].get(where, _NOBODY), there, aside[question.path])

        return [row(question) for question in self.questions.values()]

    def graders(self) -> overview.Graders:
        """How people agree, and how each reads."""
        with gradebook.looking(self._url) as connection:
            return overview.graders(connection, self._piles.values())

    def put_aside(self) -> list[overview.Open]:
        """Answers for the lead, and students' questions."""
        with gradebook.looking(self._url) as connection:
            return overview.put_aside(connection, self._piles.values())

    def asked_of_tests(self) -> list[Request]:
        """What students ask about cells that no person grades: there is no pile of them."""
        return of_tests(self._url, self._works, self.questions)

    # ---- one answer ----

    def following(self, question: Question, me: str, after: str = "") -> str:
        """The name of the next answer for a person, which is theirs from now on; empty where there is none."""
        return following.following(self._url, self.pile(question), following.Reader(me, self._secret, self._share), after)

    def sheet(self, question: Question, me: str, name: str) -> Sheet:
        """What a person sees of an answer, which is theirs from now on if nobody else has it.

        Raises:
            MarkError: there is no such answer, or its notebook is gone.
        """
        pile = self.pile(question)
        with gradebook.changing(self._url) as connection:
            student = pile.student(connection, name)
            members, written = pile.members(connection, student), pile.present(student)
            taken = claims.others(connection, question, me).get(student, "")
            if not taken:
                claims.claim(connection, question, members, me)
            said = remarks.about(connection, question, [student])
            blind = seconds.asked(connection, question, members[student], me, self._secret, self._share)
            mine = seconds.mine(connection, question, student, me) if blind else None
            before = [] if blind else decisions.history(connection, question, student)
            version = growth.versions(connection, question)[0]
            comments = decisions.comments(connection, question)
            proposal = None if blind else outside.proposal(connection, question, student)
            fits = outside.agreement(connection, question) if proposal is not None else (0, 0)
            reading = self._reading(connection, question)
        state = members[student]
        last = state.decision
        changed = last is not None and state.waits and last.answer != state.grade.answer
        earlier = next((one.text for one in before if one.text), "") if changed else ""
        return Sheet(
            question=question,
            name=name,
            written=written,
            others=() if blind else tuple(pile.name(other) for other in members if other != student),
            version=version,
            state=state,
            choice=(mine or Choice()) if blind else state.choice,
            stamp=stamp_of(student, {student: state} if blind else members),
            before=tuple(before),
            earlier=earlier,
            remarks=() if blind else tuple(said),
            comments=tuple(comments),
            taken=taken,
            proposal=proposal,
            proposals_right=fits,
            second=blind,
            reading=reading,
        )

    def save(self, question: Question, me: str, name: str, stamp: str, choice: Choice) -> Saved:
        """Decide, for an answer or its whole group.

        Raises:
            OvertakenError: something else stands there than what the person saw; nothing was written.
            DecisionError: more points than the answer is worth, or items that are not there.
        """
        pile = self.pile(question)
        with gradebook.changing(self._url) as connection:
            student = pile.student(connection, name)
            members = pile.members(connection, student)
            rubric = growth.versions(connection, question)[0].rubric
            if seconds.asked(connection, question, members[student], me, self._secret, self._share):
                # what the first reader decided since is no matter: whoever had the answer open saw nothing of it
                _refuse_overtaken(same_words(stamp, members[student]))
                points = seconds.save(connection, question, rubric, members[student], choice, me)
                return Saved(points, stamp, self._reading(connection, question))
            _refuse_overtaken(stamp == stamp_of(student, members))
            texts = {member: pile.present(member).text for member in members}
            points = decisions.save(connection, question, rubric, members, choice, me, texts)
            now = stamp_of(student, decisions.states(connection, question, list(members)))
            return Saved(points, now, self._reading(connection, question))

    def remark(self, question: Question, me: str, name: str, kind: str, text: str = "") -> None:
        """Say something about an answer; see `remarks`."""
        if kind not in remarks.KINDS:
            raise MarkError("no such remark", expected=", ".join(remarks.KINDS), got=kind[:40])
        pile = self.pile(question)
        with gradebook.changing(self._url) as connection:
            student = pile.student(connection, name)
            remarks.add(connection, question, student, me, kind, text[:4_000])
        if kind == remarks.APART:
            pile.forget()

    def reopen(self, question: Question, me: str, name: str, why: str) -> None:
        """Ask for an answer again."""
        pile = self.pile(question)
        with gradebook.changing(self._url) as connection:
            student = pile.student(connection, name)
            state = decisions.states(connection, question, [student])[student]
            decisions.reopen(connection, question, student, state, why, me)

    def group(self, question: Question, name: str) -> list[tuple[str, Written]]:
        """The answers that take the same decision."""
        pile = self.pile(question)
        with gradebook.looking(self._url) as connection:
            student = pile.student(connection, name)
            members = pile.members(connection, student)
        return [(pile.name(member), pile.written(member)) for member in members]

    def keep(self, question: Question, me: str, name: str) -> None:
        """It is still open in front of a person."""
        pile = self.pile(question)
        with gradebook.changing(self._url) as connection:
            student = pile.student(connection, name)
            if student not in claims.others(connection, question, me):
                claims.claim(connection, question, pile.members(connection, student), me)

    # ---- help from outside ----

    def for_outside(self) -> list[outside.Line]:
        """Every answer that waits, under its random name, with its question's items."""
        with gradebook.looking(self._url) as connection:
            return [line for pile in self._piles.values() for line in outside.lines(connection, pile)]

    def propose(self, lines: Sequence[Mapping[str, str]], source: str) -> int:
        """Keep proposals for people to look at, all of them or none. Returns how many.

        Raises:
            MarkError: a question, an answer or an item that is not there.
        """
        with gradebook.changing(self._url) as connection:
            return outside.propose(connection, self._piles, lines, source)

    # ---- the rubric ----

    def versions(self, question: Question) -> list[Version]:
        """Every version of a question's rubric, the newest first."""
        with gradebook.looking(self._url) as connection:
            return growth.versions(connection, question)

    def changed_rubrics(self) -> list[tuple[Question, Rubric]]:
        """The rubrics that somebody changed in the page."""
        found = [(question, self.versions(question)[0]) for question in self.questions.values()]
        return [(question, version.rubric) for question, version in found if version.number]

    def change(self, question: Question, me: str, changed: list[tuple[str, float, str]], seen: int) -> int:
        """Change a rubric; every answer that was decided by its items gets its points anew. Returns how many."""
        with gradebook.changing(self._url) as connection:
            return growth.change(connection, question, changed, seen, me)

    def pile(self, question: Question) -> Pile:
        """The answers to a question."""
        return self._piles[question.path]

    def student(self, question: Question, name: str) -> str:
        """Who wrote an answer."""
        with gradebook.looking(self._url) as connection:
            return self.pile(question).student(connection, name)

    def work(self, question: Question) -> Workspace:
        """Where the files of a question's assignment lie."""
        return self._works[question.assignment]

    def _reading(self, connection: Any, question: Question) -> Reading:
        return gradebook.readings(connection, question.assignment, question.cell).get((question.notebook, question.cell), _NOBODY)

    def _refuse_other_courses(self) -> None:
        with gradebook.looking(self._url) as connection:
            known = {name: gradebook.readings(connection, name) for name in self._works}
        missing = [one.path for one in self.questions.values() if (one.notebook, one.cell) not in known[one.assignment]]
        if missing:
            names = ", ".join(dict.fromkeys(path.partition("/")[0] for path in missing))
            raise MarkError(
                "the gradebook does not have the questions of this homework",
                expected=f"the gradebook that `hw grade` wrote for {names}",
                got=f"nothing of {', '.join(missing[:5])}",
                fix=f"run hw grade {names.split(', ')[0]}; is --db right?",
            )


def _refuse_overtaken(as_it_was: bool) -> None:
    if not as_it_was:
        got, fix = "something else: both are shown", "look at it and decide which holds"
        raise OvertakenError("somebody else decided, or the answer changed", expected="what you saw", got=got, fix=fix)
