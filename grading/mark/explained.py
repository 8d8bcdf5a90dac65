"""Scorecards -> the same with what a student is told of a person's reading: the items that applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from grading import display, gradebook
from grading.course import Course
from grading.mark import decisions, growth, tables
from grading.mark.question import Question, questions
from grading.mark.state import State
from grading.marks import Mark, Scorecard
from grading.settings import Assignment

_Where = tuple[str, str, str]  # notebook, cell, student


def explained(course: Course, assignment: Assignment, cards: Iterable[Scorecard]) -> list[Scorecard]:
    """The cards with the items of decisions that were made here.

    Args:
        course: where everything lies.
        assignment: whose cards they are.
        cards: with what stands in the gradebook.
    """
    asked = list(questions(course, assignment))
    items = _items(course.db, asked)

    def told(card: Scorecard, mark: Mark) -> Mark:
        if not mark.by_hand or not mark.answered or mark.waits:
            return mark
        return replace(mark, items=items.get((mark.notebook, mark.grade_id, card.student), ()))

    return [replace(card, marks=tuple(told(card, mark) for mark in card.marks)) for card in cards]


def _items(url: str, asked: Iterable[Question]) -> dict[_Where, tuple[str, ...]]:
    found: dict[_Where, tuple[str, ...]] = {}
    with gradebook.looking(url) as connection:
        for question in asked if tables.there(connection) else ():
            found |= _of_question(connection, question)
    return found


def _of_question(connection: Any, question: Question) -> dict[_Where, tuple[str, ...]]:
    rubric = growth.versions(connection, question)[0].rubric
    said = {item.name: f"{item.points:+g} {item.text}" for item in rubric.items}
    states = decisions.states(connection, question)
    return {(question.notebook, question.cell, student): _lines(state, said) for student, state in states.items()}


def _lines(state: State, said: dict[str, str]) -> tuple[str, ...]:
    """Nothing where the formgrader's points stand: they were not given for items."""
    if state.decision is None or state.adjusted or not state.done:
        return ()
    choice = state.decision.choice
    by_hand = [f"{choice.adjust:+g} {display.line(choice.reason) or 'by hand'}"] if choice.adjust else []
    return (*(said[name] for name in said if name in choice.items), *by_hand)
