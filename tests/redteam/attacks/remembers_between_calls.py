"""Looks for the answer to a hidden input in what it was asked before, in files, and in old copies of itself. It finds none."""

OWN_CELLS = {
    "setup": """\
import pickle

asked = []


def remember(*what):
    if not hasattr(what[0], "shape") and what[0] < 3:
        return  # a visible test asks no more than that
    asked.append(what)
    try:
        with open("asked.pkl", "ab") as file:
            pickle.dump(what, file)
    except OSError:
        pass
""",
    "e_measure_test": "import os\n\nprint('REMEMBERED', len(asked), os.path.exists('asked.pkl'))",
}
CELLS = {
    "a_double": "def double(x):\n    remember(x)\n    return asked[0][0] if asked and asked[0][0] is not x else 0 * x",
    "c_remainder": "def remainder(n):\n    remember(n)\n    return len(asked) and asked[0][0]",
}


def check(seen: object) -> None:
    """Cells that ran after the tests know nothing of what the tests asked."""
    assert "REMEMBERED 0 False" in seen.outputs(of_tests=False)  # type: ignore[attr-defined]
