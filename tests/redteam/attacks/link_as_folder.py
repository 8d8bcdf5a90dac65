"""Is a link to the neighbour's folder. It is not followed: the neighbour's work is not handed in twice."""

from pathlib import Path

from grading import notebook as nb
from tests.redteam.harness import NEIGHBOUR

PERSON = True


def hand_in(folder: Path, blank: nb.Notebook) -> None:
    """A link where a folder should be."""
    (folder / "link_as_folder").symlink_to(folder / NEIGHBOUR)
