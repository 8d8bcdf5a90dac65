"""What the notebooks' experiments measure on other seeds: how far every answer is from what a test asks of it.

    python -m benchmarks.margins                        # the experiments that there are
    python -m benchmarks.margins e_sweep 20 found.jsonl # seeds 0 to 19, a line for each; minutes to hours, docs/instructors.md says
    python -m benchmarks.margins --table found.jsonl    # lowest and highest of everything in the file

Where a test compares five seeds with five, each seed is measured alone, and the table says how far every choice of five is from
what the test asks (below 0: that choice would fail).

Two numeric set-ups stand for two machines: run it once with OPENBLAS_CORETYPE=Haswell (NumPy) or ATEN_CPU_CAPABILITY=avx2 (PyTorch)
and once with another. The author's notebook is run as it stands, but for the seed; a seed that is in the file already is left out.
"""

from __future__ import annotations

import contextlib
import itertools
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
Middles = dict[str, np.ndarray]


@dataclass(frozen=True)
class Experiment:
    """One recorded experiment.

    Attributes:
        notebook: below `notebooks`.
        seeded: puts another seed into the notebook's names.
        found: from what was measured, the numbers that tests compare.
        of_five: from the middle of five seeds, how far each is from what the test asks of it; None where a test reads one seed.
        middle: of the five: the median or the mean.
    """

    notebook: str
    seeded: Callable[[Names, int], None]
    found: Callable[[Any], Found]
    of_five: Callable[[Middles], Middles] | None = None
    middle: Callable[..., Any] = np.median


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


def _mine(value: Any) -> Found:
    return {"test accuracy": value["test"]}


def _accuracies(value: Any) -> Found:
    """Last accuracies of a sweep with one seed."""
    runs = {(name, n): run for name, by_n in value["runs"].items() for n, run in by_n.items()}
    return {f"{name} {n} {split}": run[split]["accuracy"][0][-1] for (name, n), run in runs.items() for split in ("train", "valid")}


def _a(of: Middles) -> Middles:
    cnn, mlp = of["CNN 10 valid"], of["MLP 10 valid"]
    fits = {f"{name} fits": of[f"{name} 10 train"] - least for name, least in (("CNN", 0.8), ("MLP", 0.95))}
    return {**fits, "MLP does not generalize": 0.8 - mlp, "CNN ahead": cnn - mlp - 0.1}


def _b(of: Middles) -> Middles:
    random, frozen = of["random 500 valid"], of["random, frozen 500 valid"]
    more = {
        f"more help: {name}": of[f"{name} 500 valid"] - of[f"{name} 10 valid"] - gain
        for name, gain in (("random", 0.2), ("MLP", 0.15))
    }
    better = {
        f"{name} ahead": of[f"{name} 10 valid"] - of["random 10 valid"] - 0.1
        for name in ("edge detectors", "edge detectors, frozen")
    }
    behind = {"frozen detectors behind": random - of["edge detectors, frozen 500 valid"] - 0.05}
    return {**more, **better, "frozen kernels behind": random - frozen - 0.2, **behind}


def _c(of: Middles) -> Middles:
    return {"own settings": of["your CNN 20 valid"] - 0.8}


def _d(of: Middles) -> Middles:
    mlp, cnn = of["MLP 20 valid"], np.maximum(of["CNN 5x5 20 valid"], of["CNN 7x7 20 valid"])
    return {"MLP at chance": 0.4 - mlp, "CNN carries over": cnn - mlp - 0.2}


def _e(of: Middles) -> Middles:
    return {"MLP ahead": of["MLP 50 valid"] - np.maximum(of["CNN 3x3 50 valid"], of["CNN 7x7 50 valid"]) - 0.05}


def _f(of: Middles) -> Middles:
    return {"max pool ahead": of["max pool 20 valid"] - of["MLP 20 valid"]}


def _g(of: Middles) -> Middles:
    return {"wider ahead": of["wider 20 valid"] - of["deeper 20 valid"]}


def _key(table: str, key: str = "seed", several: bool = False) -> Callable[[Names, int], None]:
    """A seed that stands in a dict of the notebook."""

    def seeded(names: Names, seed: int) -> None:
        assert key in names[table], f"the notebook's {table!r} has no {key!r} any more"
        names[table][key] = [seed] if several else seed

    return seeded


def _name(name: str, several: bool = False) -> Callable[[Names, int], None]:
    """A seed that has a name of its own."""

    def seeded(names: Names, seed: int) -> None:
        assert name in names, f"the notebook has no {name!r} any more"
        names[name] = [seed] if several else seed

    return seeded


def _argument(function: str) -> Callable[[Names, int], None]:
    """A seed that is the first argument of a function of the notebook."""

    def seeded(names: Names, seed: int) -> None:
        kept = f"the author's {function}"
        names.setdefault(kept, names[function])

        def other(_: int, *rest: Any) -> Any:
            return names[kept](seed, *rest)

        names[function] = other

    return seeded


def _edges(of_five: Callable[[Middles], Middles], middle: Callable[..., Any] = np.median) -> Experiment:
    """A sweep of EdgeDetection: its tests compare five seeds with five."""
    return Experiment("edge_detection/EdgeDetection.ipynb", _name("SEEDS", several=True), _accuracies, of_five, middle)


EXPERIMENTS = {
    "h_adam": Experiment("dropout/q_coding_dropout.ipynb", _argument("adam_from"), _adam),
    "i_cheating": Experiment("dropout/q_coding_dropout.ipynb", _key("settings"), _cheating),
    "e_sweep": Experiment("bn_drop_cnn/bn_drop.ipynb", _key("sweep"), _sweep),
    "n_few": Experiment("bn_drop_cnn/cnn.ipynb", _key("few", "seeds", several=True), _few),
    "n_many": Experiment("bn_drop_cnn/cnn.ipynb", _key("many"), _many),
    "r_both": Experiment("bn_drop_cnn/pytorch_cnn.ipynb", _name("SEED"), _both),
    "t_network": Experiment("bn_drop_cnn/pytorch_cnn.ipynb", _name("SEED"), _mine),
    "a_overfit": _edges(_a),
    "b_sizes": _edges(_b),
    "c_own": _edges(_c),
    "d_shift": _edges(_d),
    "e_permuted": _edges(_e),
    "f_pools": _edges(_f, np.mean),
    "g_wider": _edges(_g, np.mean),
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
            exec(compile(cell["source"], cell["id"], "exec"), names)
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
    """Lowest and highest of everything that the file has; what every choice of five seeds would say."""
    measured: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for line in _lines(file):
        measured[line["name"], line["setup"]].append(line["found"])
    for (name, setup), found in sorted(measured.items()):
        values = {key: np.array([one[key] for one in found]) for key in found[0]}
        of_five, middle = EXPERIMENTS[name].of_five, EXPERIMENTS[name].middle
        for key, numbers in values.items():
            print(f"{name:10} {setup:10} {key:34} {numbers.min():8.4f} to {numbers.max():8.4f}   {len(numbers)} seeds")
        if of_five is not None and len(found) >= 5:
            chosen = np.array(list(itertools.combinations(range(len(found)), 5)))
            margins = of_five({key: middle(numbers[chosen], axis=1) for key, numbers in values.items()})
            for key, margin in margins.items():
                failed = (margin < 0).mean()
                print(f"{name:10} {setup:10} {key:34} {margin.min():8.4f} at least,  {failed:.2%} of {len(chosen)} fives fail")


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
