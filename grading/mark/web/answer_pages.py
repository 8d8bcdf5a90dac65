"""One answer in front of a reader, and what its script asks for."""

from __future__ import annotations

import json
import math
from typing import Any

from tornado import web

from grading import pictures, shown
from grading.mark.answers import Written, work_cells
from grading.mark.compare import Stretch, compared
from grading.mark.decisions import DecisionError, OvertakenError
from grading.mark.recorded import HEIGHT, WIDTH, recorded
from grading.mark.sheet import Sheet
from grading.mark.state import Choice
from grading.mark.web.handler import Page, when

_MOST_CHARS = 10_000  # of a comment


class Next(Page):
    """The next answer to a question."""

    @web.authenticated
    def get(self, path: str) -> None:
        """Hand one out."""
        if self.named():
            question = self.question(path)
            name = self.desk.following(question, self.me, self.get_argument("after", ""))
            if name:
                self.redirect(self.to("q", path, "a", name))
            else:
                rows = [row for row in self.desk.rows() if row.reading.waiting > row.aside and row.question != question]
                self.page("done.html", question=question, rows=rows)


class Answer(Page):
    """One answer."""

    @web.authenticated
    def get(self, path: str, name: str) -> None:
        """Show it."""
        if self.named():
            question = self.question(path)
            sheet = self.desk.sheet(question, self.me, name)
            self.page("answer.html", sheet=sheet, question=question, here=self.to("q", path, "a", name), **self._shown(sheet))

    def _shown(self, sheet: Sheet) -> dict[str, Any]:
        question, written = sheet.question, sheet.written
        return {
            "text": self.html(sheet.question.path, sheet.name, written, code=question.code),
            "beside": shown.plain(written.beside) if written.beside else "",
            "author": shown.markdown(question.answer),
            "asked": shown.markdown(question.asked),
            "items": [(item, shown.markdown(item.text)) for item in sheet.version.rubric.items],
            "changes": _changes(sheet),
            "when": when,
        }

    def html(self, path: str, name: str, written: Written, *, code: bool) -> str:
        """A student's text, set; its pictures are fetched one by one."""
        if code:
            return shown.plain(written.text)
        places = {file: self.to("q", path, "a", name, "picture", str(at)) for at, file in enumerate(written.pictures)}
        return shown.markdown(written.text, places)


class Save(Page):
    """A decision."""

    @web.authenticated
    def post(self, path: str, name: str) -> None:
        """Save it."""
        question, said = self.question(path), self.asked()
        choice = _choice(said)
        try:
            saved = self.desk.save(question, self.me, name, str(said.get("stamp", "")), choice)
        except OvertakenError as error:
            sheet = self.desk.sheet(question, self.me, name)
            fragment = self.render_template("conflict.html", sheet=sheet, mine=choice, error=error, when=when)
            self.set_status(409)
            self.finish({"error": str(error), "stamp": sheet.stamp, "html": fragment})
            return
        self.finish({"points": saved.points, "stamp": saved.stamp, "count": str(saved.reading)})


class Say(Page):
    """A remark: a note, for the lead, skipped, taken out of the group."""

    @web.authenticated
    def post(self, path: str, name: str) -> None:
        """Keep it."""
        said = self.asked()
        self.desk.remark(self.question(path), self.me, name, str(said.get("kind", "")), str(said.get("text", "")))
        self.finish({})


class Reopen(Page):
    """Ask for an answer again."""

    @web.authenticated
    def post(self, path: str, name: str) -> None:
        """With a reason."""
        why = str(self.asked().get("text", "")).strip()
        if not why:
            raise DecisionError("an answer is reopened with a reason", expected="why", got="nothing", fix="say it in a few words")
        self.desk.reopen(self.question(path), self.me, name, why[:1_000])
        self.finish({})


class Keep(Page):
    """An open page says every minute that it is."""

    @web.authenticated
    def post(self, path: str, name: str) -> None:
        """Renew the claim."""
        self.desk.keep(self.question(path), self.me, name)
        self.finish({})


class Work(Page):
    """What the answer speaks of: code, outputs, plots and records of its part."""

    @web.authenticated
    def get(self, path: str, name: str) -> None:
        """Show it."""
        question = self.question(path)
        work, student = self.desk.work(question), self.desk.student(question, name)
        cells = work_cells(work, question, student)
        records = recorded(work, question, student, (cell["source"] for cell in cells))
        shapes = [(shown.plain(cell["source"]), shown.outputs(cell)) for cell in cells]
        self.page("work.html", cells=shapes, records=records, width=WIDTH, height=HEIGHT)


class Group(Page):
    """The answers that take the same decision."""

    @web.authenticated
    def get(self, path: str, name: str) -> None:
        """List them."""
        question = self.question(path)
        members = self.desk.group(question, name)
        self.page("group.html", members=[(one, shown.plain(written.text)) for one, written in members], first=name)


class Picture(Page):
    """A picture that a student pasted."""

    @web.authenticated
    def get(self, path: str, name: str, number: str) -> None:
        """Its bytes, under the type of a picture and no other."""
        question = self.question(path)
        there = list(self.desk.pile(question).written(self.desk.student(question, name)).pictures.values())
        if int(number) >= len(there):
            raise web.HTTPError(404)
        kind, data = there[int(number)]
        self.set_header("Content-Type", kind)
        self.finish(pictures.content(data))


def _changes(sheet: Sheet) -> list[Stretch]:
    return compared(sheet.earlier, sheet.written.text) if sheet.earlier else []


def _choice(said: dict[str, Any]) -> Choice:
    """What a page's script sent, as far as it is a choice."""
    chosen, adjust = said.get("items", []), said.get("adjust", 0)
    if not isinstance(chosen, list) or not isinstance(adjust, int | float) or not math.isfinite(adjust):
        raise DecisionError("a page sent what is no choice", expected="items and points", got=json.dumps(said)[:200])
    words = (str(said.get(name, ""))[:_MOST_CHARS] for name in ("reason", "comment"))
    return Choice(tuple(sorted(map(str, chosen))), float(adjust), *words)
