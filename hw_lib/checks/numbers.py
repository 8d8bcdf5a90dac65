"""Checks of numbers: their shape, their value, a band they must lie in. Known wrong values get a sentence of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hw_lib.errors import CheckFailed

Numbers = NDArray[np.float64]
Mistakes = Mapping[str, ArrayLike]


def numbers(name: str, got: Any) -> Numbers:
    """Convert an answer to a new, plain float64 array.

    Args:
        name: what the student calls it.
        got: a number, list, array or tensor, on any device, with or without a gradient.

    Returns:
        A plain array, never a subclass; a copy.

    Raises:
        CheckFailed: it does not consist of numbers only, or one of them is NaN or infinite.
    """
    if got is None:
        raise CheckFailed(
            f"{name} is None", expected="a number, list, array or tensor", fix="give it a value, or let the function return one"
        )
    plain = got
    try:
        if callable(getattr(got, "detach", None)):
            plain = got.detach().cpu().numpy()
        elif isinstance(got, list | tuple):
            plain = [numbers(name, entry) for entry in got]
        array = np.array(plain, dtype=np.float64, subok=False)
    except CheckFailed:
        raise
    except Exception as error:  # whatever a strange object raises, the student should read the same message
        raise CheckFailed(
            f"{name} does not consist of numbers only",
            expected="a number, list, array or tensor",
            got=_kind(got, plain),
            fix=_part(got),
        ) from error
    if not np.isfinite(array).all():
        raise CheckFailed(
            f"{name} has entries that are not finite",
            expected="ordinary numbers",
            got=show(array),
            fix="look for a division by zero, or for training that diverged (a smaller learning rate helps then)",
        )
    return array


def _kind(got: Any, plain: Any) -> str:
    """Describe an answer that is no array: by its type, or as a list whose entries have different shapes."""
    kind = type(got).__name__
    return f"a {kind} of {len(plain)} entries of different shapes" if isinstance(plain, list) else kind


def _part(got: Any) -> str:
    if isinstance(got, tuple):
        return "this is a tuple: take the entry that is asked for, for example result[0]"
    return "take the entry that is asked for: result[key]" if isinstance(got, dict) else ""


def shape(name: str, got: Any, expected: tuple[int, ...]) -> Numbers:
    """Check an answer's exact shape.

    Args:
        name: what the student calls it.
        got: their answer.
        expected: the shape it must have.

    Returns:
        The answer as plain numbers.

    Raises:
        CheckFailed: it has another shape, or is not made of finite numbers.
    """
    array = numbers(name, got)
    if array.shape != tuple(expected):
        raise CheckFailed(f"{name} has the wrong shape", expected=tuple(expected), got=array.shape)
    return array


def vector(name: str, got: Any, size: int) -> Numbers:
    """Accept `size` numbers as a list, a row, a column or a flat array.

    Args:
        name: what the student calls it.
        got: their answer.
        size: how many numbers it must hold.

    Returns:
        (size,) float64.

    Raises:
        CheckFailed: another count, a real matrix, or not finite numbers.
    """
    array = numbers(name, got)
    if array.size != size or max(array.shape, default=1) != size:
        raise CheckFailed(
            f"{name} has the wrong size",
            expected=f"{size} numbers",
            got=f"shape {array.shape}",
            fix=f"{name} must hold exactly {size} numbers",
        )
    return array.reshape(size)


def value(
    name: str,
    got: Any,
    expected: ArrayLike,
    *,
    rtol: float = 1e-3,
    atol: float = 1e-6,
    mistakes: Mistakes | None = None,
    fix: str = "",
) -> None:
    """Check that an answer has the expected value.

    Args:
        name: what the student calls it.
        got: their answer.
        expected: the right numbers, flat or scalar; a row or a column is accepted too.
        rtol: allowed error relative to the largest expected number.
        atol: allowed absolute error.
        mistakes: a sentence for each known wrong value; it becomes the message's `fix`.
        fix: the sentence for every other wrong value.

    Raises:
        CheckFailed: another value, another size, or not finite numbers.
    """
    wanted = np.asarray(expected, dtype=np.float64)
    array = vector(name, got, wanted.size).reshape(wanted.shape) if wanted.ndim < 2 else shape(name, got, wanted.shape)
    right = _near(array, wanted, rtol, atol)
    _verdict(right, f"{name} is not right", show(wanted), array, _known(array, mistakes, rtol, atol) or fix)


def close(name: str, got: Any, expected: ArrayLike, *, what: str, tolerance: float = 1e-3, fix: str = "") -> None:
    """Check a property, two quantities that should agree; `what` states it. For visible tests, which must not give answers away.

    Args:
        name: what the student calls the quantity.
        got: it.
        expected: what it should agree with.
        what: the sentence that says what should hold.
        tolerance: allowed error, relative to the larger number or absolute below 1.
        fix: how to mend it.

    Raises:
        CheckFailed: they do not agree.
    """
    wanted = np.asarray(expected, dtype=np.float64)
    array = vector(name, got, wanted.size).reshape(wanted.shape)
    _verdict(_near(array, wanted, tolerance, tolerance), what, show(wanted), array, fix)


def between(
    name: str,
    got: Any,
    low: ArrayLike,
    high: ArrayLike,
    *,
    mistakes: Mistakes | None = None,
    rtol: float = 5e-3,
    fix: str = "",
) -> None:
    """Check that every number lies in its band; for answers that depend on chance.

    Args:
        name: what the student calls it.
        got: their answer.
        low: the lower ends.
        high: the upper ends.
        mistakes: a sentence for each known wrong value.
        rtol: how near to a known wrong value counts as that mistake.
        fix: the sentence for every other wrong value.

    Raises:
        CheckFailed: a number outside its band, another size, or not finite numbers.
    """
    bottom, top = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    array = vector(name, got, bottom.size).reshape(bottom.shape)
    bands = ", ".join(f"{a:g} to {b:g}" for a, b in zip(np.ravel(bottom), np.ravel(top), strict=True))
    inside = bool(((array > bottom) & (array < top)).all())
    _verdict(inside, f"{name} is outside the accepted range", bands, array, _known(array, mistakes, rtol, 1e-6) or fix)


def rows(name: str, got: Any, expected: ArrayLike, *, mistakes: Mistakes | None = None, fix: str = "") -> None:
    """Check a matrix whose rows may come in any order.

    Args:
        name: what the student calls it.
        got: their answer.
        expected: (n, d) the right rows.
        mistakes: a sentence for each known wrong matrix.
        fix: the sentence for every other wrong matrix.

    Raises:
        CheckFailed: other rows, another shape, or not finite numbers.
    """
    wanted, array = np.asarray(expected, dtype=np.float64), numbers(name, got)
    same = _near(_sorted(array), _sorted(wanted), 1e-6, 1e-6)
    known = {sentence: _sorted(np.asarray(wrong, np.float64)) for sentence, wrong in (mistakes or {}).items() if array.ndim == 2}
    sentence = _known(_sorted(array), known, 1e-6, 1e-6) or fix
    _verdict(same, f"{name} does not have the right rows", show(wanted), array, sentence)


def holds(condition: object, what: str, *, expected: object = "", got: object = "", fix: object = "") -> None:
    """Check anything that is true or false.

    Args:
        condition: what should hold.
        what: what is wrong if it does not.
        expected: what should have come.
        got: what came.
        fix: how to mend it.

    Raises:
        CheckFailed: the condition is false.
    """
    if not condition:
        raise CheckFailed(what, expected=expected, got=got, fix=fix)


def show(array: Numbers) -> str:
    """Numbers as a student reads them: five significant digits, long arrays shortened."""
    array = np.asarray(array)
    edge = 3 if array.ndim < 3 else 1  # of images that is still a screenful
    return np.array2string(array, precision=5, threshold=12, edgeitems=edge, suppress_small=False, floatmode="maxprec")


def _verdict(right: bool, what: str, expected: str, got: Numbers, fix: str) -> None:
    if not right:
        raise CheckFailed(what, expected=expected, got=show(got), fix=fix)


def _sorted(matrix: Numbers) -> Numbers:
    """The same rows in one fixed order; anything but a matrix stays as it is."""
    if matrix.ndim != 2:
        return matrix
    return matrix[np.lexsort(np.round(matrix, 9).T[::-1])]


def _near(a: Numbers, b: Numbers, rtol: float, atol: float) -> bool:
    if a.shape != b.shape:
        return False
    return bool((np.abs(a - b) <= atol + rtol * np.abs(b).max(initial=0.0)).all())


def _known(got: Numbers, mistakes: Mistakes | None, rtol: float, atol: float) -> str:
    """The sentence of the known wrong value that this is; empty if it is none."""
    for sentence, wrong in (mistakes or {}).items():
        candidate = np.asarray(wrong, dtype=np.float64)
        if candidate.size == got.size and _near(got, candidate.reshape(got.shape), rtol, atol):
            return sentence
    return ""
