"""What the given cells of the batchnorm and convolution notebooks do where an answer is missing, wrong or left out on purpose.

A part is judged by itself: stand-ins take the place of the layers of earlier parts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hw_lib.errors import CheckFailed
from tests.notebooks.test_mutants import HOMEWORK, MUTANTS, Solved, failures, run, solved  # noqa: F401  a fixture

UNDONE = "def {name}(dout, cache):\n    raise NotImplementedError\n"


def mutant(folder: str, name: str) -> str:
    """The source of a known answer."""
    return (MUTANTS / folder / f"{name}.py").read_text(encoding="utf-8")


def after(solved: Solved, notebook: str, answers: dict[str, str], judged: str) -> dict[str, str]:  # noqa: F811
    """Replace some answers, run on, and return the messages of the failing tests of one part."""
    homework = HOMEWORK[notebook]
    names = list(homework.cells)
    first = min(names.index(cell) for cell in answers)
    last = max(k for k, name in enumerate(names) if name.startswith(f"{judged}_") and name.endswith("_test"))
    namespace = dict(solved(homework)[names[first]])
    messages: dict[str, str] = {}
    for name in names[first : last + 1]:
        if name in answers:
            run(homework, name, namespace, answers[name])
        elif name.split("_")[0] == judged or not name.endswith("_test"):
            messages |= failures(homework, [name], namespace)
    return messages


@pytest.mark.parametrize(
    ("notebook", "answers", "judged"),
    [
        ("bn_drop", {"b_backward": UNDONE.format(name="batchnorm_backward")}, "d"),
        ("bn_drop", {"b_backward": mutant("bn_drop-b_backward", "wrong_no_mu")}, "d"),
        ("bn_drop", {"a_forward": mutant("bn_drop-a_forward", "wrong_ddof")}, "d"),
        ("cnn", {"h_forward": mutant("cnn-h_forward", "wrong_flipped_kernel")}, "k"),
        ("cnn", {"i_backward": UNDONE.format(name="conv_backward_naive")}, "k"),
        ("cnn", {"i_backward": mutant("cnn-i_backward", "wrong_dw_overwritten")}, "k"),
        ("cnn", {"j_backward": UNDONE.format(name="max_pool_backward_naive")}, "k"),
        ("cnn", {"j_forward": "max_pool_forward_naive = None\ndel max_pool_forward_naive\n"}, "k"),
    ],
    ids=[
        "backward undone",
        "backward wrong",
        "variance wrong",
        "flipped",
        "gradient undone",
        "gradient wrong",
        "pool undone",
        "no pool",
    ],
)
def test_a_later_part_is_judged_by_itself(
    notebook: str,
    answers: dict[str, str],
    judged: str,
    solved: Solved,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The network's tests pass although a layer of an earlier part is missing or wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HW_LIB_QUIET", "1")
    assert after(solved, notebook, answers, judged) == {}


@pytest.mark.parametrize(
    ("cell", "name"),
    [("k_loss", "right_without_passing_ops_on"), ("k_sandwich", "right_own_functions"), ("k_sandwich", "right_ignores_ops")],
)
def test_slow_layers_are_noticed_before_training(cell: str, name: str, solved: Solved) -> None:  # noqa: F811
    """A network that does not take its layers from net.ops is told so in the cell that makes it."""
    homework = HOMEWORK["cnn"]
    namespace = dict(solved(homework)[cell])
    run(homework, cell, namespace, mutant(f"cnn-{cell}", name))
    if cell == "k_sandwich":
        run(homework, "k_loss", namespace)
    with pytest.raises(CheckFailed, match=r"does not use the layers of net\.ops"):
        run(homework, "k_net", namespace)


def test_the_optional_part_may_be_left_out(solved: Solved, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    """Without (c) the next cell says so and goes on."""
    homework = HOMEWORK["bn_drop"]
    namespace: dict[str, Any] = dict(solved(homework)["c_backward"])
    run(homework, "c_backward", namespace, UNDONE.format(name="batchnorm_backward_alt"))
    run(homework, "c_speed", namespace)
    assert "optional" in capsys.readouterr().out
