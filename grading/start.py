"""Where `hw` begins. Without the packages of the extra `staff` it says what to install, and not which import failed."""

from __future__ import annotations

import gc
import importlib.util
import sys


def main() -> int:
    """Run `hw`; returns the exit status."""
    gc.set_threshold(20_000, 20)  # a verb makes much and leaves little in circles: looking for those took a twentieth of its time
    try:
        from grading import cli

        return cli.main()  # a verb imports what it needs itself
    except ModuleNotFoundError as error:
        top = (error.name or "").partition(".")[0]
        if not top or top in ("grading", "hw_lib") or importlib.util.find_spec(top):  # not a matter of packages that are missing
            raise
        sys.exit(
            "hw needs packages that are not installed\n"
            "  expected: hw-lib with its extra for staff\n"
            f"  got:      no {error.name}\n"
            "  fix: pip install 'hw-lib[staff]' (from a wheel: pip install 'hw_lib-….whl[staff]')"
        )
