"""The extension, and the server that `hw mark` starts for it: pages and nothing else, no kernels, no files, no terminals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from jupyter_server.extension.application import ExtensionApp, ExtensionAppJinjaMixin
from jupyter_server.serverapp import ServerApp
from traitlets import Unicode

from grading import course as courses
from grading.mark.desk import Desk
from grading.mark.web import answer_pages, question_pages

_HERE = Path(__file__).parent
NAME = "hw_mark"
PORT = 8899
_QUESTION = r"(?P<path>[\w.-]+/[\w.-]+/[\w.-]+)"
_ANSWER = rf"/mark/q/{_QUESTION}/a/(?P<name>[0-9a-f]{{16}})"


class _PagesServer(ServerApp):
    """A Jupyter server without what makes it one: who breaks into a page finds no kernel to run anything in."""

    name = "hw-mark"
    default_services = ("security",)  # type: ignore[assignment]


class MarkApp(ExtensionAppJinjaMixin, ExtensionApp):
    """`hw mark` as an extension; on a server of one's own (JupyterHub), its traits say what is read."""

    name = NAME
    extension_url = "/mark"
    load_other_extensions = False
    serverapp_class = _PagesServer
    static_paths = [str(_HERE / "static")]  # noqa: RUF012  traitlets turns it into a trait
    template_paths = [str(_HERE / "templates")]  # noqa: RUF012
    course = Unicode("course.toml", help="the course's course.toml").tag(config=True)
    homework = Unicode("", help="the assignment or homework that is read").tag(config=True)
    prepared: ClassVar[Desk | None] = None  # by whoever starts a server for one desk

    @classmethod
    def get_extension_package(cls) -> str:
        """Where Jupyter Server finds the extension."""
        return __name__

    def initialize_settings(self) -> None:
        """Lay out the desk, where nobody has."""
        desk = type(self).prepared
        if desk is None:
            course = courses.load(Path(self.course))
            desk = Desk(course, course.named(self.homework), course.read_twice)
        self.settings["hw_desk"] = desk

    def initialize_handlers(self) -> None:
        """The pages."""
        self.handlers.extend(
            [
                (r"/mark/?", question_pages.Questions),
                (r"/mark/name", question_pages.Name),
                (r"/mark/graders", question_pages.Graders),
                (r"/mark/aside", question_pages.Aside),
                (rf"/mark/q/{_QUESTION}/next", answer_pages.Next),
                (rf"/mark/q/{_QUESTION}/rubric", question_pages.RubricPage),
                (_ANSWER, answer_pages.Answer),
                (rf"{_ANSWER}/save", answer_pages.Save),
                (rf"{_ANSWER}/remark", answer_pages.Say),
                (rf"{_ANSWER}/reopen", answer_pages.Reopen),
                (rf"{_ANSWER}/keep", answer_pages.Keep),
                (rf"{_ANSWER}/work", answer_pages.Work),
                (rf"{_ANSWER}/group", answer_pages.Group),
                (rf"{_ANSWER}/picture/(?P<number>\d{{1,3}})", answer_pages.Picture),
            ]
        )


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """What Jupyter Server asks a module that is an extension."""
    return [{"module": __name__, "app": MarkApp}]


def serve(desk: Desk, *, port: int, browser: bool) -> Iterator[str]:
    """Start a server for one desk on this machine, and stay until it is stopped.

    Args:
        desk: what is read.
        port: where; 0 for 8899 or the next one that is free.
        browser: open one.

    Yields:
        The address with the token, once, before anybody can come.
    """
    MarkApp.prepared = desk
    options = [
        f"--ServerApp.port={port or PORT}",
        f"--ServerApp.port_retries={0 if port else 50}",
        f"--ServerApp.open_browser={browser}",
        f"--ServerApp.root_dir={_HERE / 'static'}",  # nothing of it is served but what is public anyway
        "--ServerApp.allow_root=True",  # there is no kernel in which a root's rights would help anybody
        "--ServerApp.allow_unauthenticated_access=False",
        "--ServerApp.log_level=WARN",
        "--MarkApp.log_level=WARN",
    ]
    server = MarkApp.initialize_server(argv=options)
    server.log.addFilter(lambda record: "To access the server" not in record.getMessage())  # said once, by whoever calls this
    yield server.display_url.split("\n")[0].strip()
    server.start()
