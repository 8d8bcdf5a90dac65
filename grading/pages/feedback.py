"""Scorecard -> the page a student gets: one HTML file that needs nothing else. Also the staff's list of pages.

What it says is put together in `page`, in the words of `languages/`. The same scorecard always gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from grading import display
from grading.course import Course
from grading.files import write_text
from grading.marks import Scorecard
from grading.pages import answers, tones
from grading.pages.answers import Answer
from grading.pages.asked import asked
from grading.pages.class_list import class_list
from grading.pages.jinja import templates
from grading.pages.page import Setting, page
from grading.pages.script import policy, script
from grading.pages.texts import texts
from grading.settings import Assignment
from grading.workspace import Workspace


def setting(course: Course, assignment: Assignment) -> Setting:
    """What the pages of a class have in common: title, headings, help, language, and until when to hand in again.

    Raises:
        CourseError, SourceError, HelpError: the course has no such language, a notebook or its help cannot be read.
    """
    return Setting(assignment.title, asked(course, assignment), texts(course.language), assignment.again_by)


def render(card: Scorecard, setting: Setting, written: Mapping[str, Answer] | None = None) -> str:
    """One student's page.

    Args:
        card: the marks.
        setting: what is the same for the class.
        written: the student's own answers by grade id.
    """
    made = page(card, setting, written or {})
    return templates().get_template("feedback.html.j2").render(page=made, say=setting.texts, legend=tones.ALL)


def write_pages(cards: Iterable[Scorecard], assignment: Assignment, work: Workspace, setting: Setting) -> Path:
    """Write every student's page, and the staff's list of them, whose path is returned. Pages of others are removed."""
    cards = sorted(cards, key=lambda card: card.student)
    for card in cards:
        write_page(card, work, setting)
    present = {card.student for card in cards}
    for path in work.feedback.glob(f"*/{assignment.name}.html"):
        if path.parent.name not in present:  # whoever hands the pages out takes the whole folder
            shutil.rmtree(path.parent)
    index = templates().get_template("index.html.j2")
    found = class_list(cards, lambda student: (("page", link(student, assignment.name)),))
    text = index.render(title=assignment.title, found=found, say=display.number, script=script(), policy=policy())
    write_text(work.feedback_index, text)
    return work.feedback_index


def link(student: str, assignment: str) -> str:
    """The address of a student's page in the folder of pages."""
    return f"{quote(student, errors='replace')}/{quote(assignment)}.html"


def write_page(card: Scorecard, work: Workspace, setting: Setting) -> Path:
    """Write a student's page, unless it says that already; returns its path."""
    path, text = work.feedback_page(card.student), render(card, setting, answers.read(card, work))
    if not path.is_file() or path.read_bytes() != text.encode():
        write_text(path, text)
    return path
