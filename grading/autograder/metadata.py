"""What Gradescope says of a submission (`submission_metadata.json`), and the same as its download of a class says it.

So one rule reads both: who handed in, when, and who belongs to the group is found by `collect`, there as here.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LARGEST = 50_000_000  # bytes: it holds the results of all earlier submissions
_DOWNLOAD = "submission_metadata.yml"


@dataclass(frozen=True)
class HandIn:
    """One submission, as the platform says it.

    Attributes:
        number: Gradescope's; tells it from others.
        moment: when, with its offset; empty where it does not say.
        users: who, each with what is known of them.
        earlier: the moments of earlier submissions of the same people, each with its points, for staff.
        doubt: why nothing of this is known; empty otherwise.
    """

    number: str = "1"
    moment: str = ""
    users: tuple[dict[str, str], ...] = ()
    earlier: tuple[str, ...] = ()
    doubt: str = ""


def handed_in(path: Path) -> HandIn:
    """Read what Gradescope says; a file that cannot be read costs nobody a grade."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_LARGEST))
        if not isinstance(said, dict):
            raise ValueError("no table")
    except (OSError, ValueError, RecursionError) as error:
        return HandIn(doubt=f"{path.name} could not be read ({type(error).__name__}): who handed in, and when, is not known")
    return HandIn(
        number=re.sub(r"\W", "", _word(said.get("id"))) or "1",
        moment=_word(said.get("created_at")),
        users=tuple(_person(user) for user in _tables(said.get("users"))),
        earlier=tuple(
            f"{_word(one.get('submission_time')) or 'at an unknown time'}: {_word(one.get('score')) or 'no'} points"
            for one in _tables(said.get("previous_submissions"))
        ),
    )


def as_download(submission: Path, said: HandIn, folder: Path) -> None:
    """Lay a submission out as Gradescope's download of a class with this one in it.

    Args:
        submission: the files that were handed in; links among them stay links.
        said: who handed them in, and when.
        folder: where the class will be; it is made.
    """
    name = f"submission_{said.number}"
    shutil.copytree(submission, folder / name, symlinks=True)
    people = [{f":{key}": value for key, value in user.items()} for user in said.users]
    table = {name: {":created_at": said.moment, ":submitters": people}}
    (folder / _DOWNLOAD).write_text(json.dumps(table, ensure_ascii=False), "utf-8", "replace")  # JSON is YAML


def _person(user: dict[str, Any]) -> dict[str, str]:
    return {key: word for key in ("name", "email", "sid") if (word := _word(user.get(key)))}


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _word(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
