"""The answers to one question: who says the same, and in which order they are read, under names that say nothing of students."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

from grading import gradebook
from grading.mark import decisions, remarks
from grading.mark.answers import Answers, Written
from grading.mark.order import order
from grading.mark.question import Question
from grading.mark.state import State, same
from grading.records import GradingError

_FRESH_S = 10.0  # how long a list of groups is good for; a member is looked at again before a decision is for it, too


class MarkError(GradingError):
    """There is nothing to read, or not what was asked for."""


class Pile:
    """All answers to a question."""

    def __init__(self, question: Question, answers: Answers, key: str) -> None:
        """Begin with nothing read.

        Args:
            question: what was asked.
            answers: where the answers are.
            key: a secret, from which names and the order are drawn.
        """
        self.question = question
        self._answers, self._key = answers, key
        self._found: dict[str, list[str]] = {}
        self._forms: dict[str, Written] = {}  # the first answer of each group
        self._until = 0.0
        self._called: dict[str, str] = {}  # names by student, and the other way round
        self._names: dict[str, str] = {}
        self._order: tuple[frozenset[str], dict[str, int]] = frozenset(), {}

    def written(self, student: str) -> Written:
        """What a student wrote; nothing where the notebook is gone."""
        return self._answers.of(self.question, student) or Written("")

    def present(self, student: str) -> Written:
        """The same, for whoever decides about it.

        Raises:
            MarkError: the notebook is gone, and nobody should take that for an empty answer.
        """
        written = self._answers.of(self.question, student)
        if written is None:
            raise MarkError(
                "the answer is no longer there",
                expected=f"the notebook {self.question.notebook} as `hw grade` left it in the build folder",
                got="no such file, or no such cell in it",
                fix=f"run hw grade {self.question.assignment} (before it hw collect, if the whole folder is gone); decisions stay",
            )
        return written

    def name(self, student: str) -> str:
        """What an answer is called in addresses and files."""
        if student not in self._called:
            said = f"{self.question.path}\n{student}".encode("utf-8", "surrogatepass")
            self._called[student] = hmac.new(self._key.encode(), said, hashlib.sha256).hexdigest()[:16]
        return self._called[student]

    def student(self, connection: Any, name: str) -> str:
        """Who wrote the answer of that name.

        Raises:
            MarkError: nobody.
        """
        if name not in self._names:
            self.forget()
            self.groups(connection)
        if name not in self._names:
            raise MarkError(
                "there is no such answer",
                expected=f"an answer to {self.question.path}",
                got=name[:40],
                fix="go back to the questions: the student may have left the class",
            )
        return self._names[name]

    def forget(self) -> None:
        """Look again who says the same."""
        self._until = 0.0

    def groups(self, connection: Any) -> dict[str, list[str]]:
        """Students by normal form; who was taken out of a group stands alone."""
        if time.monotonic() > self._until:
            question, found, forms = self.question, dict[str, list[str]](), dict[str, Written]()
            apart = remarks.latest(remarks.about(connection, question), remarks.APART)
            for student in gradebook.glance(connection, question.assignment, question.notebook, question.cell):
                written = self._answers.of(question, student) or Written("")
                alone = student in apart or bool(written.problem) or not written.key
                key = f"{student} alone" if alone else written.key
                found.setdefault(key, []).append(student)
                forms.setdefault(key, written)
            self._forms = forms
            self._found = {key: sorted(students, key=self.name) for key, students in found.items()}
            self._names = {self.name(student): student for students in found.values() for student in students}
            self._until = time.monotonic() + _FRESH_S
        return self._found

    def members(self, connection: Any, student: str) -> dict[str, State]:
        """The answer, first, and those that say the same and take its decision.

        Raises:
            MarkError: the gradebook no longer has it.
        """
        group = next((students for students in self.groups(connection).values() if student in students), [student])
        found = decisions.states(connection, self.question, group)
        if student not in found:
            got = "the gradebook no longer has it"
            raise MarkError("there is no such answer", got=got, fix="go back to the questions and read the next one")
        form = self.written(student).key  # groups may be some seconds old, texts never are
        alike = [one for one in group if one in found and one != student and self.written(one).key == form]
        alike = [one for one in alike if same((found[student], found[one]))]
        return {member: found[member] for member in (student, *alike)}

    def in_order(self, connection: Any) -> list[list[str]]:
        """The groups in the order in which they are read; who was taken out of one stands next to it."""
        groups = self.groups(connection)
        forms = self._forms
        if self._order[0] != frozenset(written.key for written in forms.values()):
            texts = {written.key: written.form for written in forms.values()}
            found = order(texts, f"{self._key} {self.question.path}")
            self._order = frozenset(texts), {key: at for at, key in enumerate(found)}
        place = self._order[1]
        return [groups[key] for key in sorted(groups, key=lambda key: (place[forms[key].key], key))]
