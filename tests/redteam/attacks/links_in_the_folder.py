"""Hands in links: to the neighbour's notebook as its own, to the password file, to the gradebook, to itself. None is followed."""

from pathlib import Path

from grading import notebook as nb
from tests.redteam.assignment import NAME
from tests.redteam.harness import NEIGHBOUR

PERSON = True


def hand_in(folder: Path, blank: nb.Notebook) -> None:
    """A folder of links."""
    home = folder / "links_in_the_folder"
    home.mkdir()
    (home / f"{NAME}.ipynb").symlink_to(folder / NEIGHBOUR / f"{NAME}.ipynb")
    (home / f"{NAME}.results.json").symlink_to(folder / NEIGHBOUR / f"{NAME}.results.json")
    (home / "users.csv").symlink_to("/etc/passwd")
    (home / "loop").symlink_to(home)
    (home / "gradebook.json").symlink_to("../../course/build/gradebook.db")


def check(seen: object) -> None:
    """Nothing was copied."""
    copies = seen.course.build / NAME / "collect" / "links_in_the_folder"  # type: ignore[attr-defined]
    assert list(copies.iterdir()) == []
