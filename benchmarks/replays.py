"""What it costs to run the author's records again, and how far this machine is from the one that recorded.

    python -m benchmarks.replays                   # every notebook that records
    python -m benchmarks.replays cnn EdgeDetection # these

One process, the cells in order, the records beside them. Other machines: OPENBLAS_CORETYPE=Nehalem, ATEN_CPU_CAPABILITY=default,
OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2; other draws of what is run again: HW_LIB_SECRET=anything.
`docs/instructors.md` has the differences, `benchmarks/README.md` the seconds.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import numpy as np

from grading import notebook as nb
from hw_lib.checks import replay

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "tests/submissions/records"
NOTEBOOKS = {
    path.stem: path for path in sorted((ROOT / "notebooks").glob("*/*.ipynb")) if (RECORDS / f"{path.stem}.results.json").exists()
}

Differences = dict[str, float]  # what was compared -> the largest difference, relative to 1 + the number


def again(path: Path) -> tuple[dict[str, float], Differences]:
    """Run a notebook's cells; the CPU seconds of its record tests, and the differences that their replays saw."""
    seconds: dict[str, float] = {}
    seen: Differences = defaultdict(float)
    compared = replay.same_beginning

    def noted(what: str, record: Any, recorded: Any, found: Any, **_limits: float) -> None:
        """Measures where a test would decide: a difference that is too large is what one wants to see here."""
        claimed, now = np.asarray(recorded, float).ravel()[: np.size(found)], np.asarray(found, float).ravel()
        key = f"{record.name} {what}"
        seen[key] = max(seen[key], float(np.max(np.abs(claimed - now) / (1 + np.abs(now)))))

    replay.same_beginning = noted  # type: ignore[assignment]
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nb.parse(path.read_bytes(), path.stem)["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "hand_in":
            names["plots"] = MagicMock()
            began = time.process_time()
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell["source"], cell["id"], "exec"), names)
            if cell["id"].endswith("_record_test") or cell["id"] in ("c_own_test", "t_score_test"):
                seconds[cell["id"]] = time.process_time() - began
    replay.same_beginning = compared
    return seconds, seen


def main(wanted: list[str]) -> None:
    """Print two tables for each notebook."""
    os.environ.update(NBGRADER_EXECUTION="autograde", HW_LIB_QUIET="1", MPLBACKEND="Agg")
    for name in wanted or NOTEBOOKS:
        with tempfile.TemporaryDirectory() as folder:
            for path in RECORDS.glob(f"{name}.*"):
                shutil.copy(path, folder)
            os.chdir(folder)
            seconds, seen = again(NOTEBOOKS[name])
            os.chdir(ROOT)
        print(f"{name}: {sum(seconds.values()):.1f} CPU s", *(f"{test} {s:.1f}" for test, s in seconds.items()), sep="\n  ")
        for what, away in seen.items():
            print(f"  {away:8.1e}  {what}")


if __name__ == "__main__":
    main(sys.argv[1:])
