"""What stops a release. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from grading.records import GradingError
from grading.resemblance import Leak

_SHOWN = 20  # leaks of one message


class ReleaseError(GradingError):
    """The source is not fit to be released, or the release would give something away."""


class LeakError(ReleaseError):
    """The release would give something away.

    Attributes:
        leaks: everything that was found.
    """

    def __init__(self, assignment: str, leaks: Sequence[Leak]) -> None:
        """Say what was found, the first ones in full."""
        more = f"\n… and {len(leaks) - _SHOWN} more" if len(leaks) > _SHOWN else ""
        super().__init__(
            f"the release of {assignment} would give {len(leaks)} thing(s) away; nothing was released",
            got="\n".join(str(leak) for leak in leaks[:_SHOWN]) + more,
            fix="move the line into a solution or hidden-test region, say it in other words, or, if it gives nothing "
            "away, list it under audit_allow in course.toml",
        )
        self.leaks = tuple(leaks)
