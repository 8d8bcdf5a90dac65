"""What it costs to run the author's records again, and how far this machine is from the one that recorded.

    python -m benchmarks.replays                   # every notebook that records
    python -m benchmarks.replays cnn EdgeDetection # these
    python -m benchmarks.replays 60 EdgeDetection  # what is run again drawn with sixty secrets: all that a class will meet

One process, the cells in order, the records beside them. Other machines: OPENBLAS_CORETYPE=Nehalem, ATEN_CPU_CAPABILITY=default,
OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2.
`docs/instructors.md` has the differences, `benchmarks/README.md` the seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
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
from hw_lib import streams
from hw_lib.checks import replay

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "tests/submissions/records"
NOTEBOOKS = {
    path.stem: path for path in sorted((ROOT / "notebooks").glob("*/*.ipynb")) if (RECORDS / f"{path.stem}.results.json").exists()
}

_SEEDS = re.compile(r",? seeds? [\[\d, \]]+$")  # whichever were drawn: one row for all of them
Differences = dict[str, float]  # what was compared -> the largest difference, relative to 1 + the number


def again(path: Path, secrets: int) -> tuple[dict[str, float], Differences]:
    """Run a notebook's cells; the CPU seconds of its record tests, and the differences that their replays saw."""
    seconds: dict[str, float] = {}
    seen: Differences = defaultdict(float)
    compared = replay.same_beginning

    def noted(what: str, record: Any, recorded: Any, found: Any, **_limits: float) -> None:
        """Measures where a test would decide: a difference that is too large is what one wants to see here."""
        claimed, now = np.asarray(recorded, float).ravel()[: np.size(found)], np.asarray(found, float).ravel()
        key = f"{record.name} {_SEEDS.sub('', what)}"
        seen[key] = max(seen[key], float(np.max(np.abs(claimed - now) / (1 + np.abs(now)))))

    replay.same_beginning = noted  # type: ignore[assignment]
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nb.parse(path.read_bytes(), path.stem)["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "hand_in":
            names["plots"] = MagicMock()
            replays = cell["id"].endswith("_record_test") or cell["id"] in ("c_own_test", "t_score_test")
            began = time.process_time()
            for secret in range(secrets if replays else 1):
                if secrets > 1:
                    os.environ[streams.SECRET] = hashlib.sha256(f"secret {secret}".encode()).hexdigest()
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(cell["source"], cell["id"], "exec"), names)
            if replays:
                seconds[cell["id"]] = (time.process_time() - began) / secrets
    replay.same_beginning = compared
    return seconds, seen


def main(arguments: list[str]) -> None:
    """Print two tables for each notebook."""
    os.environ.update(NBGRADER_EXECUTION="autograde", HW_LIB_QUIET="1", MPLBACKEND="Agg")
    counts, wanted = [int(one) for one in arguments if one.isdigit()], [one for one in arguments if not one.isdigit()]
    for name in wanted or NOTEBOOKS:
        with tempfile.TemporaryDirectory() as folder:
            for path in RECORDS.glob(f"{name}.*"):
                shutil.copy(path, folder)
            os.chdir(folder)
            seconds, seen = again(NOTEBOOKS[name], *counts or [1])
            os.chdir(ROOT)
        print(f"{name}: {sum(seconds.values()):.1f} CPU s", *(f"{test} {s:.1f}" for test, s in seconds.items()), sep="\n  ")
        for what, away in sorted(seen.items()):
            print(f"  {away:8.1e}  {what}")


if __name__ == "__main__":
    main(sys.argv[1:])
