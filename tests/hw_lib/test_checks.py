"""Checks of numbers and records: reasonable containers pass, every message names the mistake."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hw_lib import checks, errors
from hw_lib.errors import CheckFailed


class Liar(np.ndarray):
    """An array that claims to equal everything."""

    def __eq__(self, other: object) -> bool:
        """Lie."""
        return True

    __hash__ = None

    def __array_ufunc__(self, ufunc: np.ufunc, *_: object, **__: object) -> object:
        """Lie about every comparison and difference."""
        return np.zeros(self.shape) if ufunc is not np.isfinite else np.ones(self.shape, bool)


class Agreeable:
    """An object that equals everything and claims to be a number."""

    def __eq__(self, other: object) -> bool:
        """Lie."""
        return True

    __hash__ = None


def liar(*values: float) -> Liar:
    """A lying array with these numbers in it."""
    return np.array(values).view(Liar)


def failure(call: object, *args: object, **options: object) -> errors.Explanation:
    """Run a check that must fail, and take its message apart."""
    with pytest.raises(CheckFailed) as caught:
        call(*args, **options)
    return errors.read(str(caught.value))


@pytest.mark.parametrize(
    "answer",
    [
        [0.5, 2],
        (0.5, 2),
        np.array([0.5, 2]),
        np.array([[0.5, 2]]),
        np.array([[0.5], [2]]),
        np.array([0.5, 2], np.float32),
        torch.tensor([0.5, 2]),
        torch.tensor([[0.5], [2]], dtype=torch.float64),
        torch.nn.Parameter(torch.tensor([[0.5, 2]])),
        [torch.tensor(0.5), np.float64(2)],
        [np.array([0.5]), torch.tensor([2.0], requires_grad=True)],
        np.ma.array([0.5, 2]),
    ],
)
def test_reasonable_containers_pass(answer: object) -> None:
    """Two right numbers pass as list, array, tensor or parameter, as a row or a column."""
    checks.value("w", answer, [0.5, 2])
    checks.between("w", answer, [0, 1], [1, 3])


@pytest.mark.parametrize("answer", [3, 3.0, np.int64(3), np.array(3), torch.tensor(3), [3], np.array([[3.0]])])
def test_a_scalar_in_any_form(answer: object) -> None:
    """One right number passes as int, numpy scalar, 0-d or 1 by 1 array."""
    checks.value("n", answer, 3)
    checks.between("n", answer, 2, 4)


@pytest.mark.parametrize("answer", [liar(1, 1), Agreeable(), [Agreeable(), 2], "0.5 2", None, {"w": 1}, [[1], [2, 3]], object])
def test_liars_and_strange_objects_fail(answer: object) -> None:
    """What only pretends to be right fails: the comparison is made on plain numbers."""
    failure(checks.value, "w", answer, [0.5, 2])


def test_several_results_at_once_are_counted() -> None:
    """What np.linalg.lstsq returns is four things; NumPy would only say that it is inhomogeneous."""
    several = np.linalg.lstsq(np.array([[10.0, 1.0]]), np.array([11.0]), rcond=None)
    message = failure(checks.value, "w", several, [1, 2])
    assert (message.what, message.got) == ("w does not consist of numbers only", "a tuple of 4 entries of different shapes")
    assert "result[0]" in message.fix


def test_a_subclass_with_right_numbers_passes() -> None:
    """Only the numbers count, not the type."""
    checks.value("w", liar(0.5, 2), [0.5, 2])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "check",
    [
        lambda got: checks.value("w", got, [1, 2]),
        lambda got: checks.value("w", got, [1, np.nan]),
        lambda got: checks.between("w", got, [0, 0], [np.inf, np.inf]),
        lambda got: checks.close("w", got, [1, 2], what="no"),
        lambda got: checks.shape("w", got, (2,)),
        lambda got: checks.rows("w", [got], [[1, 2]]),
        lambda got: checks.accuracies("w", got, 10),
        lambda got: checks.losses("w", got, 2, (0, 3), 0.1),
    ],
)
def test_nan_and_inf_never_pass(check: object, bad: float) -> None:
    """No check lets a number through that is not finite."""
    assert "not finite" in failure(check, [1.0, bad]).what


def test_not_numbers() -> None:
    """The message says what came instead of numbers."""
    message = failure(checks.numbers, "w", {"a": 1})
    assert (message.what, message.got) == ("w does not consist of numbers only", "dict")


def test_value_names_a_known_mistake() -> None:
    """A wrong answer equal to a known wrong value gets that value's own sentence; others get the general one."""
    options = {"mistakes": {"forgot the 10": [9, 9]}, "fix": "think again"}
    message = failure(checks.value, "w", [[9], [9]], [0.5, 2], **options)
    assert (message.what, message.expected, message.got, message.fix) == ("w is not right", "[0.5 2. ]", "[9. 9.]", "forgot the 10")
    assert failure(checks.value, "w", [1, 1], [0.5, 2], **options).fix == "think again"


def test_value_tolerance() -> None:
    """The tolerance is relative to the largest number expected."""
    checks.value("w", [100.05, 0], [100, 0])
    failure(checks.value, "w", [100.2, 0], [100, 0])


def test_sizes_and_shapes() -> None:
    """Wrong sizes, and matrices where a vector is wanted, are said with both shapes."""
    assert failure(checks.vector, "w", [1, 2, 3], 2).got == "shape (3,)"
    assert failure(checks.vector, "w", np.ones((2, 2)), 4).expected == "4 numbers"
    message = failure(checks.shape, "x", np.ones((3, 4)), (4, 3))
    assert (message.what, message.expected, message.got) == ("x has the wrong shape", "(4, 3)", "(3, 4)")
    failure(checks.value, "x", np.ones((3, 4)), np.ones((4, 3)))


def test_between_says_the_band() -> None:
    """The band is in the message, and a known mistake is named."""
    message = failure(checks.between, "w", [0.5, 9.001], [0, 1], [1, 3], mistakes={"no dropout": [0.5, 9]})
    assert (message.what, message.expected, message.fix) == ("w is outside the accepted range", "0 to 1, 1 to 3", "no dropout")
    assert failure(checks.between, "w", 5, 0, 1, fix="less").fix == "less"


def test_close_states_the_property() -> None:
    """A property check says what should hold, in the author's words."""
    checks.close("sum", 11.0001, 11, what="it does not fit")
    message = failure(checks.close, "sum", 12, 11, what="it does not fit", fix="solve it")
    assert (message.what, message.expected, message.got, message.fix) == ("it does not fit", "11.", "12.", "solve it")


def test_rows_in_any_order() -> None:
    """Rows may come in any order; other rows fail, and a known wrong matrix is named."""
    right = [[20, 2], [20, 0], [0, 2], [0, 0]]
    checks.rows("X", [right[2], right[0], right[3], right[1]], right)
    options = {"mistakes": {"not scaled": [[10, 1], [10, 0], [0, 1], [0, 0]]}, "fix": "look again"}
    assert failure(checks.rows, "X", [[0, 0], [0, 1], [10, 0], [10, 1]], right, **options).fix == "not scaled"
    assert failure(checks.rows, "X", [[1, 2]], right, **options).fix == "look again"
    assert failure(checks.rows, "X", [1, 2], right, **options).fix == "look again"


def test_holds() -> None:
    """Anything true passes; anything else raises with all four parts."""
    checks.holds(True, "never seen")
    message = failure(checks.holds, np.False_, "wrong", expected="a", got="b", fix="c")
    assert (message.what, message.expected, message.got, message.fix) == ("wrong", "a", "b", "c")


def test_accuracies() -> None:
    """Accuracies over n images are multiples of 1/n in [0, 1]."""
    checks.accuracies("a", [0, 0.25, 1], 4)
    for wrong in ([0.26], [1.25], [-0.25]):
        assert "multiples of 1/4" in failure(checks.accuracies, "a", wrong, 4).expected


def test_losses() -> None:
    """Losses are one for each epoch, positive, start near chance and fall."""
    checks.losses("l", [2.3, 2.0, 1.5], 3, (2, 3), 0.5)
    for wrong in ([2.3, 2.2, 2.1], [9, 2, 1], [2.3, 1, -1], [2.3, 2.3, 1]):
        assert "does not look like the losses" in failure(checks.losses, "l", wrong, 3, (2, 3), 0.5).what
    assert failure(checks.losses, "l", [2.3, 1], 3, (2, 3), 0.5).what == "l has the wrong size"


def test_same_settings() -> None:
    """Only the settings that differ are shown; more settings than asked for are fine."""
    checks.same_settings("r", {"lr": 1, "seed": 2}, {"lr": 1})
    message = failure(checks.same_settings, "r", {"lr": 1, "seed": 2}, {"lr": 1, "seed": 3, "p": 0.5})
    assert (message.expected, message.got) == ("{'seed': 3, 'p': 0.5}", "{'seed': 2, 'p': None}")
