"""Puts scripts, handlers and styles into answers, errors, outputs, figures and cell ids. No page may run any of it."""

from typing import Any

_EVIL = (
    "<script>alert('PWNED')</script><img src=x onerror=alert(1)><iframe src='javascript:alert(2)'></iframe><svg/onload=alert(3)>"
)
CELLS = {
    "a_double": f"def double(x):\n    raise ValueError({_EVIL!r})",
    "b_answer": f"answer = {_EVIL!r}",
    "c_remainder": f"def remainder(n):\n    raise type({_EVIL!r}, (Exception,), {{}})('\\x1b[31mred\\x1b]0;PWNED\\x07 \\u202e')",
    "w_words": f"Because {_EVIL} and [this](javascript:alert(4)) and <a href='javascript:alert(5)'>that</a>.",
}
OWN_CELLS = {
    "setup": f"""\
from IPython.display import HTML, SVG, Javascript, display

evil = {_EVIL!r}
display(HTML(evil))
display(Javascript("alert('PWNED')"))
display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script></svg>"}}, raw=True)
display({{"text/markdown": evil, "text/latex": "$" + evil + "$", "application/javascript": "alert(3)"}}, raw=True)
display({{"image/png": '" onerror="alert(4)'}}, raw=True)
display({{"application/vnd.jupyter.widget-view+json": {{"model_id": evil}}, "text/plain": evil}}, raw=True)
print(evil)
""",
}


def check(seen: Any) -> None:
    """The student sees it as text; what the formgrader opens has neither its tags nor its scripts."""
    assert "&lt;script&gt;alert" in seen.page
    written = next(cell for cell in seen.executed["cells"] if cell["id"] == "w_words")
    assert "<" not in "".join(written["source"])
    kinds = {kind for cell in seen.executed["cells"] for output in cell.get("outputs", ()) for kind in output.get("data", ())}
    assert kinds <= {"text/plain", "image/png"}
