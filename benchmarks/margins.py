"""What the notebooks' experiments measure on other seeds: how far every answer is from what a test asks of it.

    python -m benchmarks.margins                        # the experiments that there are
    python -m benchmarks.margins e_sweep 20 found.jsonl # seeds 0 to 19, a line for each; minutes to hours, docs/instructors.md says
    python -m benchmarks.margins --table found.jsonl    # lowest and highest of everything in the file

Two numeric set-ups stand for two machines: run it once with OPENBLAS_CORETYPE=Haswell (NumPy) or ATEN_CPU_CAPABILITY=avx2 (PyTorch)
and once with another. The author's notebook is run as it stands, but for the seed; a seed that is in the file already is left out.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from grading import notebook as nb
from hw_lib import results

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "tests/submissions/records"
SETUP = ("OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY")

Names = dict[str, Any]
Found = dict[str, float]


@dataclass(frozen=True)
class Experiment:
    """One recorded experiment.

    Attributes:
        notebook: below `notebooks`.
        seeded: puts another seed into the notebook's names.
        found: from what was measured, the numbers that tests compare.
        instead: text of the notebook -> what stands there instead, where a seed has no name.
    """

    notebook: str
    seeded: Callable[[Names, int], None]
    found: Callable[[Any], Found]
    instead: tuple[str, str] = ("", "")


def _adam(value: Any) -> Found:
    return {f"w{k + 1} {name}": value[name][k] for name in ("without", "with") for k in (0, 1)}


def _cheating(value: Any) -> Found:
    gaps = {name: run["cheating"] - run["clean"] for name, run in value.items()}
    ends = {f"{key} {name}": run[key] for name, run in value.items() for key in ("clean", "cheating")}
    falls = {f"loss falls {name}": run["losses"][0] - run["losses"][-1] for name, run in value.items()}
    starts = {f"first loss {name}": run["losses"][0] for name, run in value.items()}
    return {**ends, **falls, **starts, "gap shrinks by": gaps["without"] - gaps["with"]}


def _sweep(value: Any) -> Found:
    small = np.logspace(-4, 0, 20) < 5e-3
    train = {name: np.array(run["train"])[small].mean() for name, run in value.items()}
    return {"ahead at small scales": train["with"] - train["without"]}


def _few(value: Any) -> Found:
    return {"training accuracy": value[0]["train"][-1]}


def _many(value: Any) -> Found:
    loss, filters = np.array(value["loss"]), np.array(value["filters"])
    filters = filters - filters.mean(axis=(2, 3), keepdims=True)
    across, down = filters[..., 1:] * filters[..., :-1], filters[:, :, 1:] * filters[:, :, :-1]
    alike = (across.mean() + down.mean()) / 2 / (filters**2).mean()
    falls = loss[:10].mean() - loss[-50:].mean()
    return {"first loss": loss[0], "loss falls": falls, "neighbours alike": alike, "validation": value["val"][-1]}


def _both(value: Any) -> Found:
    return {f"test accuracy {name}": run["test"] for name, run in value.items()}


def _key(table: str, key: str = "seed", several: bool = False) -> Callable[[Names, int], None]:
    """A seed that stands in a dict of the notebook."""
    return lambda names, seed: names[table].__setitem__(key, [seed] if several else seed)


def _name(name: str) -> Callable[[Names, int], None]:
    """A seed that has a name of its own."""
    return lambda names, seed: names.__setitem__(name, seed)


EXPERIMENTS = {
    "h_adam": Experiment(
        "dropout/q_coding_dropout.ipynb", _name("another"), _adam, ("training.set_seed(3)", "training.set_seed(another)")
    ),
    "i_cheating": Experiment("dropout/q_coding_dropout.ipynb", _key("settings"), _cheating),
    "e_sweep": Experiment("bn_drop_cnn/bn_drop.ipynb", _key("sweep"), _sweep),
    "n_few": Experiment("bn_drop_cnn/cnn.ipynb", _key("few", "seeds", several=True), _few),
    "n_many": Experiment("bn_drop_cnn/cnn.ipynb", _key("many"), _many),
    "r_both": Experiment("bn_drop_cnn/pytorch_cnn.ipynb", _name("SEED"), _both),
}


class Shipped(results.Recorder):
    """Measures nothing: keeps the function and answers with the author's record."""

    functions: dict[str, Callable[[], Any]] = {}  # noqa: RUF012  one for all of a notebook's recorders

    def measure(self, name: str, function: Callable[[], Any], *_: Any, **__: Any) -> Any:
        """What the author measured."""
        self.functions[name] = function
        return results.Recorder(self.path.name.removesuffix(".results.json"), RECORDS).read(name).value


def names_of(experiment: Experiment, name: str) -> Names:
    """Run the author's notebook up to the cell that measures; return its names."""
    mpl.use("Agg")
    results.Recorder = Shipped  # type: ignore[misc]
    names: Names = {"__name__": "__main__"}
    path = ROOT / "notebooks" / experiment.notebook
    for cell in nb.parse(path.read_bytes(), path.name)["cells"]:
        if cell["cell_type"] == "code" and not nb.is_test(cell):
            exec(compile(cell["source"].replace(*experiment.instead), cell["id"], "exec"), names)
            if name in Shipped.functions:
                break
    return names


def measure(name: str, count: int, file: Path) -> None:
    """Append what every seed gave; shows how far it is."""
    setup = " ".join(os.environ[key] for key in SETUP if key in os.environ) or "as it is"
    known = {(line["name"], line["setup"], line["seed"]) for line in _lines(file)}
    missing = [seed for seed in range(count) if (name, setup, seed) not in known]
    experiment = EXPERIMENTS[name]
    names = names_of(experiment, name) if missing else {}
    for seed in missing:
        began = time.process_time()
        experiment.seeded(names, seed)
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # some leave trained weights behind
            value = Shipped.functions[name]()
        found = {key: round(float(number), 4) for key, number in experiment.found(value).items()}
        line = {"name": name, "setup": setup, "seed": seed, "cpu_s": round(time.process_time() - began, 1), "found": found}
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
        print(f"{name} {setup} seed {seed} of {count}: {found}", flush=True)


def table(file: Path) -> None:
    """Lowest and highest of everything that the file has."""
    values: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for line in _lines(file):
        for key, value in line["found"].items():
            values[line["name"], line["setup"], key].append(value)
    for (name, setup, key), found in sorted(values.items()):
        print(f"{name:10} {setup:10} {key:28} {min(found):8.4f} to {max(found):8.4f}   {len(found)} seeds")


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def main(arguments: list[str]) -> None:
    """The command line."""
    if len(arguments) == 2 and arguments[0] == "--table":
        table(Path(arguments[1]))
    elif len(arguments) == 3 and arguments[0] in EXPERIMENTS and arguments[1].isdigit():
        measure(arguments[0], int(arguments[1]), Path(arguments[2]).resolve())
    else:
        print(__doc__)
        print("experiments:", ", ".join(EXPERIMENTS))


if __name__ == "__main__":
    main(sys.argv[1:])
