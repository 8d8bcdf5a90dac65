"""A record is a claim: the beginning of its experiment, run again, must give what it says.

Compares curves; trains nothing and knows nothing of networks. A small disagreement, as another processor, library or GPU makes it,
goes to a person; what no machine explains fails. Of a record of images that are not on this machine only its answers can be tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hw_lib.checks.numbers import show
from hw_lib.errors import CheckFailed, NeedsPerson

Curve = Sequence[float] | NDArray[Any]
# PyTorch's words, the system's, and NumPy's; and oneDNN's, which does PyTorch's convolutions and says no more than that
_NO_MEMORY = re.compile(r"(can't|cannot|unable to) allocate|could not create a primitive", re.IGNORECASE)
_ELSEWHERE = ("cifar10", "cifar100", "shapes", "shapes100")  # what hw_lib.data gives on one machine or another


class Record(Protocol):
    """What a record says of itself, as `results.Record` does."""

    @property
    def name(self) -> str:
        """Its name in the file."""

    @property
    def data(self) -> str:
        """The images that it was measured on."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The machine that it was measured on."""


@contextmanager
def needing(name: str, answers: str) -> Iterator[None]:
    """Run an experiment again; what goes wrong in an answer is said as what it means for the record.

    Args:
        name: the record's name.
        answers: the answers that the experiment runs, for example "(a), (b) and (d)".

    Raises:
        CheckFailed: an answer is blank, or fails.
        NeedsPerson: there is no memory left; a cell that has nothing to do with the record may hold it.
    """
    try:
        yield
    except NotImplementedError:
        raise CheckFailed(
            f"the record {name!r} is there, but an answer that it was measured with is not",
            expected=f"answers in {answers}, which the experiment runs",
            got="a cell without an answer",
            fix="write the answer, then measure again",
        ) from None
    except (AssertionError, NameError):
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or _NO_MEMORY.search(str(error)):  # another cell may have taken it
            raise NeedsPerson(
                f"there was no memory left to run the experiment of the record {name!r} again; a person will look at it",
                expected=f"{answers}, run again",
                got=f"{type(error).__name__}: {error}",
            ) from error
        raise CheckFailed(
            f"the record {name!r} is there, but its experiment cannot be run again",
            expected=f"answers in {answers} that run",
            got=f"{type(error).__name__}: {error}",
            fix="correct the answer, then measure again",
        ) from error


def same_beginning(
    what: str,
    record: Record,
    recorded: Curve,
    again: Curve,
    *,
    close: float,
    near: float,
) -> None:
    """Compare the beginning of a recorded curve with what the same answers give now.

    Args:
        what: "the first losses with batchnorm, seed 3".
        record: where the curve stands; a record of a GPU is given the benefit of the doubt.
        recorded: the curve, or more of it than was run again.
        again: what came out now.
        close: the largest difference that other processors make, relative to 1 + the number's size.
        near: the largest difference that is still for a person to judge.

    Raises:
        NeedsPerson: further apart than `close`, and hardware may explain it.
        CheckFailed: further apart than that, or not as many numbers.
    """
    claimed, found = np.asarray(recorded, float).ravel()[: np.size(again)], np.asarray(again, float).ravel()
    if claimed.shape != found.shape:
        raise _differs(what, record, claimed, found)
    away = float(np.max(np.abs(claimed - found) / (1 + np.abs(found)), initial=0.0))
    if away <= close:
        return
    if away <= near:
        raise NeedsPerson(
            f"{what}: the record {record.name!r} and the same experiment here are a little apart; a person will look at it",
            expected=f"{show(found)}, run again here",
            got=f"{show(claimed)}, recorded on {record.environment.get('device', 'cpu')}",
            fix="nothing, if it was measured on another machine with these answers; else measure again",
        )
    raise _differs(what, record, claimed, found)


def trains_alike(what: str, record: Record, here: str, expected: Curve, again: Curve, *, close: float) -> None:
    """For a record of images that are not here: on those that are, do the answers train as right ones do?

    Args:
        what: what is compared.
        record: it names its own images.
        here: the images of this machine.
        expected: what right answers give.
        again: what the student's answers give.
        close: as for `same_beginning`.

    Raises:
        NeedsPerson: they do not; whether the record belongs to them cannot be told here. Or it names images that nobody has.
    """
    right, found = np.asarray(expected, float).ravel(), np.asarray(again, float).ravel()
    if (
        record.data in _ELSEWHERE
        and right.shape == found.shape
        and np.max(np.abs(right - found) / (1 + np.abs(right)), initial=0.0) <= close
    ):
        return
    raise NeedsPerson(
        f"the record {record.name!r} is of {record.data}, which is not on the machine that grades: a person will look at it",
        expected=f"{what} on {here}: {show(right)}",
        got=f"{show(found)}",
    )


def _differs(what: str, record: Record, claimed: NDArray[Any], found: NDArray[Any]) -> CheckFailed:
    return CheckFailed(
        f"the record {record.name!r} is not of your answers: {what} come out otherwise",
        expected=f"{show(found)}, which is what the experiment gives when it is run again",
        got=f"{show(claimed)} in the record",
        fix=f"measure again with the answers that you hand in: recorder.forget({record.name!r}), then its cell",
    )
