"""The import table of the design holds, files stay small and named for what they are about, and notebooks are canonical."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from grading import notebook as nb

ROOT = Path(__file__).parents[1]
LINES = 300
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}

# what each part of hw_lib may import of hw_lib: first the core, then what serves one homework, then what serves older notebooks
_BELOW_OPS = {"errors", "layers", "optim", "gradient_check"}
HW_LIB: dict[str, set[str]] = {
    "errors": set(),
    "dotted": set(),
    "environment": set(),
    "streams": set(),
    "layers": {"errors"},
    "optim": {"errors"},
    "gradient_check": {"errors", "streams"},
    "ops": _BELOW_OPS,
    "models": _BELOW_OPS | {"ops"},
    "solver": _BELOW_OPS | {"ops", "models", "environment"},
    "checks": {"errors", "gradient_check", "dotted", "streams"},
    "data": {"errors", "environment"},
    "training": {"errors", "environment", "data"},
    "provenance": set(),
    "calibration": set(),
    "graded_with": set(),
    "versions": {"graded_with"},
    "hosted": set(),
    "results": {"errors", "environment", "provenance", "calibration", "hosted"},
    "captions": set(),
    "plots": {"errors", "captions"},
    "notebook": {"dotted", "errors", "environment", "captions", "hosted", "graded_with"},
    "labs": set(),
    "labs.edges": {"errors", "environment", "plots", "checks"},
    "labs.memory": {"errors", "environment", "plots", "data"},
    "coursework": {"errors", "layers", "models", "data"},
}
_NOTEBOOKS_PACKAGES = {*sys.stdlib_module_names, "IPython", "traitlets", "numpy", "torch", "matplotlib", "grading"}
_DRAWING = ("hw_lib.plots", "hw_lib.labs.edges.plots", "hw_lib.labs.memory.plots")

# files of grading that every room may use; each of them may use those before it
GROUND = (
    *(
        "files",
        "display",
        "syntax",
        "wording",
        "quotes",
        "deadline",
        "records",
        "marks",
        "changes",
        "figures",
        "resemblance",
        "settings",
        "notebook",
        "formulas",
        "pictures",
        "shown",
        "bindings",
        "regions",
        "parts",
        "foreign",
        "workspace",
        "secret",
        "course_file",
        "course",
        "versions",
        "editions",
    ),
    *("supplies", "source", "kept", "progress", "console"),
)
# the rooms, and the other rooms that each may enter, by what their __init__ offers
ROOMS: dict[str, set[str]] = {
    "inside": set(),
    "sandbox": {"inside"},
    "collect": set(),
    "restore": set(),
    "similar": set(),
    "mark": {"gradebook"},
    "release": {"mark"},
    "execute": {"sandbox"},
    "blame": set(),
    "score": {"blame"},
    "gradebook": set(),
    "stats": set(),
    "pages": set(),
    "starter": set(),
    "autograder": set(),
}
# they may enter every room, and use those before them
TOP = ("releasing", "stages", "pipeline", "returning", "staff", "autograding", "authors", "cli")
OPEN = {"grading.inside.landlock", "grading.inside.seccomp"}  # used on both sides of the wall

Files = Mapping[str, str]  # dotted module name -> source


def modules(package: str) -> dict[str, str]:
    """The modules of a package of this repository."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


def imports(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Every import anywhere in a module, by line: `from a import b` is a.b, which may be a module or a name of a's."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(name.split(".")[: -node.level]) if node.level else ""
            base = ".".join(piece for piece in (package, node.module or "") if piece)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__", "importorskip")):
            constants = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            yield from ((node.lineno, value) for value in constants if isinstance(value, str))


def problems(files: Files) -> list[str]:
    """Every import that the design does not allow, as `module:line: why`."""
    return [f"{name}:{line}: {why}" for name, text in files.items() for line, why in sorted(_problems(name, text))]


def _problems(name: str, text: str) -> Iterator[tuple[int, str]]:
    package, _, rest = name.partition(".")
    unit = rest.split(".")[0]
    for line, target in imports(name, text):
        top, *below = target.split(".")
        wanted = below[0] if below else ""
        if package == "hw_lib":
            if top == "grading":
                yield line, "hw_lib never imports grading"
            if top == "matplotlib" and not name.startswith(_DRAWING):
                yield line, "only hw_lib.plots and the labs' plots import matplotlib"
            part, other = _part(name), _part(target)
            if top == "hw_lib" and other in HW_LIB and part and other != part and other not in HW_LIB.get(part, set()):
                yield line, f"hw_lib.{part} may not import hw_lib.{other}"
        else:
            if top == "nbgrader" and unit != "gradebook":
                yield line, "only grading.gradebook imports nbgrader"
            if top in ("distributed", "dask") and rest != "execute.dask_cluster":
                yield line, "only grading.execute.dask_cluster imports distributed"
            if unit == "inside" and top not in _NOTEBOOKS_PACKAGES:
                yield line, f"grading.inside may not import {top}: it runs where only notebooks' packages are"
            if unit == "inside" and top == "grading" and wanted != "inside":
                yield line, "grading.inside runs in the sandbox, where the rest of grading is not"
            if top == "grading" and unit and wanted not in _allowed(unit):
                yield line, f"grading.{unit} may not import grading.{wanted}"
            if wanted != unit and len(below) > 1 and _is_room(wanted) and _is_a_file(target) and target not in OPEN:
                yield line, f"grading.{wanted} is entered through its __init__"
    if package == "grading" and unit != "cli":
        yield from ((line, "only grading.cli prints") for line in _prints(text))


def _part(name: str) -> str:
    """The part of hw_lib that a module belongs to; each lab is a part."""
    _, *below = name.split(".")
    return ".".join(below[: 2 if below[:1] == ["labs"] else 1])


def _allowed(unit: str) -> set[str]:
    """What a room or file of grading may import of grading."""
    if unit == "inside":
        return {unit}
    if unit in GROUND:
        return set(GROUND[: GROUND.index(unit)])
    if unit in TOP:
        return {*GROUND, *ROOMS, *TOP[: TOP.index(unit)]}
    if unit == "start":  # runs where nothing else can be imported yet
        return {"cli"}
    return {unit, *GROUND, *ROOMS.get(unit, ())}


def _is_room(unit: str) -> bool:
    return (ROOT / "grading" / unit).is_dir()


def _is_a_file(target: str) -> bool:
    """Whether an import names a file of a room, or something in one, and not what the room offers."""
    return any(ROOT.joinpath(*name.split(".")).with_suffix(".py").is_file() for name in (target, target.rpartition(".")[0]))


def _prints(text: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.stdout.write", "sys.stderr.write"):
            yield node.lineno


# ---- the repository ----


@pytest.mark.parametrize("package", ["hw_lib", "grading"])
def test_imports_go_one_way(package: str) -> None:
    """Every import of the package is in the design's table."""
    assert problems(modules(package)) == []


def test_every_part_of_hw_lib_is_in_the_table() -> None:
    """A new part of the library is placed in the design before it is imported by anything."""
    assert {_part(name) for name in modules("hw_lib") if "." in name} == set(HW_LIB)


@pytest.mark.parametrize("package", ["hw_lib", "grading"])
def test_no_cycles(package: str) -> None:
    """No module of the package imports, in however many steps, itself."""
    assert cycles(modules(package)) == []


def cycles(files: Files) -> list[str]:
    """Modules that import themselves in one or more steps; a package and what it re-exports count as one level down."""
    direct: dict[str, set[str]] = {}
    for name, text in files.items():
        targets = {target for _, target in imports(name, text)}
        hits = {next((known for known in (target, target.rpartition(".")[0]) if known in files), "") for target in targets}
        direct[name] = hits - {"", name}
    found = []
    for name in files:
        seen: set[str] = set()
        waiting = list(direct[name])
        while waiting:
            step = waiting.pop()
            if step not in seen:
                seen.add(step)
                waiting += direct[step]
        if name in seen:
            found.append(name)
    return found


@pytest.mark.parametrize("package", ["hw_lib", "grading"])
def test_files_are_small(package: str) -> None:
    """No module is longer than a reader can hold."""
    long = {name: text.count("\n") for name, text in modules(package).items() if text.count("\n") > LINES}
    assert long == {}


def test_files_are_named_for_their_subject() -> None:
    """No file of the repository is called utils, helpers, common or misc."""
    folders = ("hw_lib", "grading", "tests", "benchmarks")
    assert [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.stem in VAGUE] == []


NOTEBOOKS = sorted(path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_canonical(path: Path) -> None:
    """A committed notebook is what our writer writes: sorted keys, readable ids, no outputs, no counts."""
    text = path.read_text(encoding="utf-8")
    assert nb.dump(nb.parse(text.encode(), path.name)) == text
    for cell in json.loads(text)["cells"]:
        assert not cell.get("outputs"), cell["id"]
        assert cell.get("execution_count") is None, cell["id"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_know_nothing_of_grading(path: Path) -> None:
    """A student has no grading package, and stock nbgrader must run the notebook."""
    for cell in nb.parse(path.read_bytes(), path.name)["cells"]:
        if cell["cell_type"] == "code":
            plain = "\n".join(line for line in cell["source"].split("\n") if not line.lstrip().startswith(("%", "!")))
            tops = {target.split(".")[0] for _, target in imports(cell["id"], plain)}
            assert not tops & {"grading", "nbgrader"}, cell["id"]


def test_there_are_notebooks() -> None:
    """The tests above look at something."""
    assert NOTEBOOKS


# ---- the checker ----

WRONG: dict[str, tuple[str, str]] = {
    "hw_lib.layers.dropout": ("from grading import strip", "hw_lib never imports grading"),
    "hw_lib.solver": ("def fit():\n    import matplotlib.pyplot as plt", "only hw_lib.plots and the labs' plots import matplotlib"),
    "hw_lib.training": ("from hw_lib.labs import edges", "hw_lib.training may not import hw_lib.labs.edges"),
    "hw_lib.labs.edges.nets": ("from hw_lib.labs.memory import predict", "hw_lib.labs.edges may not import hw_lib.labs.memory"),
    "hw_lib.data": ("from hw_lib.coursework import data", "hw_lib.data may not import hw_lib.coursework"),
    "hw_lib.layers.affine": ("from hw_lib.models import TwoLayerNet", "hw_lib.layers may not import hw_lib.models"),
    "hw_lib.errors": ("from . import environment", "hw_lib.errors may not import hw_lib.environment"),
    "hw_lib.layers.conv": ("from ..ops import LayerOps", "hw_lib.layers may not import hw_lib.ops"),
    "hw_lib.checks": ("import importlib\nimportlib.import_module('hw_lib.layers')", "hw_lib.checks may not import hw_lib.layers"),
    "grading.pages.report": ("import nbgrader.api", "only grading.gradebook imports nbgrader"),
    "grading.execute.pool": ("from distributed import Client", "only grading.execute.dask_cluster imports distributed"),
    "grading.score": ("from grading import execute", "grading.score may not import grading.execute"),
    "grading.pages.feedback": ("from grading.sandbox import check", "grading.pages may not import grading.sandbox"),
    "grading.restore.merge": ("from grading import pipeline", "grading.restore may not import grading.pipeline"),
    "grading.notebook": ("from grading.score import score", "grading.notebook may not import grading.score"),
    "grading.files": ("from grading import course", "grading.files may not import grading.course"),
    "grading.pipeline": ("from grading.sandbox.bubblewrap import program", "grading.sandbox is entered through its __init__"),
    "grading.execute.worker": ("from grading.sandbox import bubblewrap", "grading.sandbox is entered through its __init__"),
    "grading.pages.export": ("def write():\n    print('done')", "only grading.cli prints"),
    "grading.inside.wire": ("import msgspec", "grading.inside may not import msgspec: it runs where only notebooks' packages are"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_planted_wrong_import_is_found(name: str) -> None:
    """At the top or in a function, absolute, relative or by name: the module and the line are told."""
    text, why = WRONG[name]
    found = problems({name: text})
    assert len(found) == 1
    assert found[0].startswith(f"{name}:{text.count(chr(10)) + 1}: {why}")


def test_right_imports_are_left_alone() -> None:
    """What the design allows is no problem."""
    right = {
        "hw_lib.layers": "from hw_lib.layers.dropout import dropout_forward",
        "hw_lib.layers.dropout": "import numpy\nfrom hw_lib.errors import explain",
        "hw_lib.models": "from hw_lib.ops import LayerOps",
        "hw_lib.plots.charts": "import matplotlib",
        "hw_lib.labs.edges.plots": "import matplotlib\nfrom hw_lib.plots import COLOURS",
        "grading.gradebook.grades": "from nbgrader import api",
        "grading.pipeline": "from grading import execute, score",
        "grading.cli": "from grading import pipeline\nprint('hello')",
        "grading.execute.notebook_run": "from grading.sandbox import Sandbox",
    }
    assert problems(right) == []


def test_a_planted_cycle_is_found() -> None:
    """Two modules that import each other are both told."""
    files = {"p.a": "from p import b", "p.b": "def f():\n    from p.a import x", "p.c": "import p.a"}
    assert cycles(files) == ["p.a", "p.b"]
