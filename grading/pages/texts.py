"""What a page says, in the language of the course: one file per language in `languages/`."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from grading import display
from grading.course import CourseError, unknown

_FOLDER = Path(__file__).parent / "languages"
_FIRST = "en"  # complete, and what another language leaves out is said in it


@dataclass(frozen=True)
class Texts:
    """The sentences of one language.

    Attributes:
        lang: its code, as HTML names it.
    """

    lang: str
    _said: dict[str, str] = field(repr=False)

    def __call__(self, name: str, **values: object) -> str:
        """The sentence of that name with the values in their places."""
        return self._said[name].format(**values)

    def points(self, value: float) -> str:
        """Points with their word."""
        return self("point" if value == 1 else "points", value=display.number(value))


@functools.cache
def texts(language: str = _FIRST) -> Texts:
    """The sentences of a language.

    Raises:
        CourseError: there is no file for it.
    """
    if language not in languages():
        raise CourseError(unknown("language of pages", language, languages()))
    return Texts(language, {**_read(_FIRST), **_read(language)})


def languages() -> list[str]:
    """The languages that there are files for."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def _read(language: str) -> dict[str, str]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
