"""Hands in the library's own fast layers beside the notebook, and a cell that takes them for its answer. A person sees both texts.

Other people's code that computes the right thing passes every test, so its points are no fault; that nobody is told would be.
"""

from pathlib import Path

_FAST = Path(__file__).parents[3] / "hw_lib" / "layers" / "fast"
FILES = {f"fast/{path.name}": path.read_text(encoding="utf-8") for path in sorted(_FAST.glob("*.py"))}
CELLS = {"b_answer": "from fast.columns import Columns\n\nanswer = 42.0 if Columns else 0"}
EARNS = {"b_answer_test": 2.0}


def check(seen):
    """Every file that holds a layer is named, and neither the flag nor the library's text is on the student's page."""
    flags = [flag for flag in seen.card.flags if "fast/" in flag]
    for name in ("columns", "convolution", "max_pooling", "spatial_batchnorm"):
        assert any(flag.startswith(f"look at fast/{name}.py, beside the notebook: the library's ") for flag in flags), (name, flags)
    assert "the library's" not in seen.page
    assert "hw similar" not in seen.page
