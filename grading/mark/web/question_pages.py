"""The page of questions, the page that asks for a name, and the page of a question's rubric."""

from __future__ import annotations

import getpass

from tornado import web

from grading.mark.items import RubricError
from grading.mark.web.handler import COOKIE, Page, clean_name, when

_NEW_LINES = 3


class Questions(Page):
    """Every question and how far reading has come."""

    @web.authenticated
    def get(self) -> None:
        """Show it."""
        if self.named():
            self.page("questions.html", rows=self.desk.rows())


class Name(Page):
    """Asks a reader who they are, where the server does not know."""

    @web.authenticated
    def get(self) -> None:
        """Ask."""
        self.page("name.html", then=self._then(), suggested=self.me or _account())

    @web.authenticated
    def post(self) -> None:
        """Remember."""
        if name := clean_name(self.get_body_argument("name", "")):
            self.set_signed_cookie(COOKIE, name, expires_days=365, path=self.base_url, httponly=True, samesite="Lax")
            self.redirect(self._then())
        else:
            self.redirect(self.to("name"))

    def _then(self) -> str:
        """Where the reader wanted to go; never to another site."""
        wanted = self.get_argument("then", "")
        return wanted if wanted.startswith(self.to()) and "//" not in wanted else self.to()


class Graders(Page):
    """How people agree who read the same answers, and how each reads beside the others."""

    @web.authenticated
    def get(self) -> None:
        """Show it."""
        if self.named():
            self.page("graders.html", graders=self.desk.graders())


class Aside(Page):
    """Answers for the lead, and students' questions."""

    @web.authenticated
    def get(self) -> None:
        """List them."""
        if self.named():
            self.page("aside.html", rows=self.desk.put_aside(), tests=self.desk.asked_of_tests(), when=when)


class RubricPage(Page):
    """A question's rubric, to be changed, and its versions."""

    @web.authenticated
    def get(self, path: str) -> None:
        """Show it."""
        if self.named():
            self._show(path, "")

    @web.authenticated
    def post(self, path: str) -> None:
        """Change it; every answer that was decided by its items gets its points anew."""
        question = self.question(path)
        names, points, texts = (self.get_body_arguments(name, strip=False) for name in ("name", "points", "text"))
        lines = [line for line in zip(names, points, texts, strict=False) if line[1].strip() or line[2].strip()]
        changed = [(name, _number(value), text) for name, value, text in lines]
        count = self.desk.change(question, self.me, changed, int(self.get_body_argument("seen")))
        self._show(path, f"saved; {count} answers have other points now")

    def _show(self, path: str, message: str) -> None:
        question = self.question(path)
        versions = self.desk.versions(question)
        times = {one.number: when(one.made_at) for one in versions if one.number}
        self.page("rubric.html", question=question, versions=versions, times=times, new=range(_NEW_LINES), message=message)


def _number(text: str) -> float:
    try:
        return float(text.replace("\u2212", "-"))
    except ValueError:
        raise RubricError("an item's points are no number", expected="1, 0.5 or -0.5", got=text[:40], fix="type a number") from None


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
