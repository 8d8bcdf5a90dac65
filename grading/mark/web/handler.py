"""What every page has: who reads, what may be in it, and how errors are said."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.identity import IdentityProvider, LegacyIdentityProvider, PasswordIdentityProvider
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.handler import ExtensionHandlerJinjaMixin, ExtensionHandlerMixin
from jupyter_server.utils import url_path_join

from grading import gradebook
from grading.mark.decisions import OvertakenError
from grading.mark.desk import Desk
from grading.mark.pile import MarkError
from grading.mark.question import Question
from grading.records import GradingError
from hw_lib.errors import read

COOKIE = "hw-mark-name"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_UNNAMED = (IdentityProvider, PasswordIdentityProvider, LegacyIdentityProvider)  # their users' names are drawn


class Page(ExtensionHandlerJinjaMixin, ExtensionHandlerMixin, JupyterHandler):
    """A page, or an answer to a page's script."""

    @property
    def content_security_policy(self) -> str:
        """No script but our files, nothing from elsewhere, in nobody's frame."""
        return _POLICY

    def set_default_headers(self) -> None:
        """Nothing is kept by a browser that is somebody else's, nothing is told to other sites."""
        super().set_default_headers()
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    @property
    def desk(self) -> Desk:
        """Where everybody reads."""
        return self.settings["hw_desk"]  # type: ignore[no-any-return]

    @property
    def known_to_server(self) -> bool:
        """Whether the server knows its users by name, as JupyterHub does."""
        return type(self.settings["identity_provider"]) not in _UNNAMED

    @property
    def me(self) -> str:
        """Who reads: the server's user, or the name that somebody gave who came with the token; empty for nobody yet."""
        if self.known_to_server:
            return str(self.current_user.username)
        cookie = self.get_signed_cookie(COOKIE, max_age_days=400)
        return cookie.decode("utf-8", "replace") if cookie else ""

    def question(self, path: str) -> Question:
        """The question of that name."""
        if path not in self.desk.questions:
            raise MarkError("there is no such question", got=path[:80], fix="go back to the questions")
        return self.desk.questions[path]

    def to(self, *pieces: str) -> str:
        """An address below ours."""
        return url_path_join(self.base_url, "mark", *(quote(piece) for piece in pieces)) if pieces else f"{self.base_url}mark"

    def page(self, template: str, **values: Any) -> None:
        """Answer with a page."""
        names = {"me": self.me, "fixed": self.known_to_server, "to": self.to, "static": f"{self.base_url}static/hw_mark/"}
        names["xsrf"] = self.xsrf_token.decode()
        self.finish(self.render_template(template, **names, **values))

    def asked(self) -> dict[str, Any]:
        """What a page's script sent."""
        try:
            said = json.loads(self.request.body)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise MarkError("a page sent what is no object", got=self.request.body[:80].decode("utf-8", "replace"))
        return said

    def named(self) -> bool:
        """Whether the reader has said who they are; if not, they are asked now."""
        if self.me:
            return True
        self.redirect(f"{self.to('name')}?then={quote(self.request.path)}")
        return False

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """What somebody can mend is said as everywhere: expected, got, fix."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        if not isinstance(error, GradingError):
            super().write_error(status_code, **kwargs)
            return
        status = 409 if isinstance(error, OvertakenError) else 503 if isinstance(error, gradebook.GradebookError) else 400
        self.set_status(status)
        if self.request.method == "POST" and "json" in self.request.headers.get("Content-Type", ""):
            self.set_header("Content-Type", "application/json")
            self.finish(json.dumps({"error": str(error)}))
        else:
            self.page("error.html", said=read(str(error)), whole=str(error))

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """A message for people is no crash."""
        if not isinstance(error, GradingError):
            super().log_exception(kind, error, trace)


def clean_name(text: str) -> str:
    """A person's name, as they typed it, short and on one line."""
    return re.sub(r"[^\w .@'-]", "", " ".join(text.split()))[:60].strip()


def when(seconds: float) -> str:
    """A moment as people write it."""
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
