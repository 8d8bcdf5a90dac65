"""Prints without end, and shows large figures and many small outputs. What is kept of it has a size."""

OWN_CELLS = {
    "setup": """\
import sys

from IPython.display import HTML, display

for _ in range(2_000):
    display({"text/plain": "y" * 50_000}, raw=True)
while True:
    print("x" * 100_000)
    sys.stderr.write("z" * 100_000)
""",
}


def check(seen: object) -> None:
    """The executed notebook can be opened."""
    assert len(seen.outputs(of_tests=False)) < 2_000_000  # type: ignore[attr-defined]
