"""NumPy's global generator, shared by a test and the functions that it calls, as in one process: whoever draws, both move on."""

from __future__ import annotations

from typing import Any

import numpy as np

State = tuple[Any, ...]
_WORDS = 624  # of a Mersenne Twister


class SharedGenerator:
    """One end's view of it. News goes along with a question or an answer, and only when something was drawn or seeded."""

    def __init__(self) -> None:
        """What is there now is no news."""
        self._known = _state()

    def news(self) -> dict[str, Any]:
        """What to put into a message: nothing, or the generator's state."""
        now = _state()
        if _same(now, self._known):
            return {}
        self._known = now
        return {"generator": list(now[1:])}

    def learn(self, message: dict[str, Any]) -> None:
        """Take over what a message says.

        Raises:
            ValueError, TypeError: it is no state of a generator.
        """
        if "generator" in message:
            key, position, has_gauss, gauss = message["generator"]
            if not (np.shape(key) == (_WORDS,) and type(position) is int and 0 <= position <= _WORDS):
                raise ValueError("it sends no state of NumPy's generator")
            np.random.set_state(("MT19937", np.asarray(key, np.uint32), position, int(has_gauss), float(gauss)))
            self._known = _state()


def _state() -> State:
    return tuple(np.random.get_state(legacy=True))


def _same(one: State, other: State) -> bool:
    return one[2:] == other[2:] and np.array_equal(one[1], other[1])
