"""Takes all memory only when a hidden test calls. The test fails, and the trusted side and the other parts go on."""

CELLS = {
    "a_double": (
        "import numpy as np\n\n\ndef double(x):\n    if np.ndim(x) == 0 and x == 1.0:\n        return 2.0\n"
        "    hoard = []\n    while True:\n        hoard.append(np.ones(10_000_000))"
    ),
    "c_remainder": "def remainder(n):\n    return n % 3",
}
EARNS = {"c_remainder_test": 3.0}


def check(seen: object) -> None:
    """The part that is right keeps its points."""
    points = seen.points()  # type: ignore[attr-defined]
    assert points["c_remainder_test"] == 3.0
