"""What the formgrader opens runs nothing of a student's, and still shows what a grader needs to read."""

from __future__ import annotations

from collections import Counter
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from grading import notebook as nb
from grading.gradebook import sanitize
from tests.grading.conftest import cell
from tests.redteam.watch import active_parts

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def page(*cells: nb.Cell) -> str:
    """The cells as the formgrader shows them."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    about = ("base_url", "mathjax_url", "student", "notebook_id", "assignment_id", "submission_id", "last_name", "first_name")
    resources = {**dict.fromkeys(about, ""), "metadata": {"name": "x"}, "index": 0, "total": 1, "windows": False}
    text = nb.dump(sanitize.sanitize_notebook({"cells": list(cells), "metadata": {}}))
    return str(HTMLExporter(config=config).from_notebook_node(nbformat.reads(text, as_version=4), resources=resources)[0])


def ran(*outputs: dict[str, Any]) -> nb.Cell:
    """A code cell that said something."""
    return {**cell("code", "c", "1"), "outputs": list(outputs), "execution_count": 1}


def display(**data: object) -> dict[str, Any]:
    """An output that is not text; names with `_` for `/`."""
    return {"output_type": "display_data", "data": {kind.replace("_", "/", 1): it for kind, it in data.items()}, "metadata": {}}


EVIL: dict[str, nb.Cell] = {
    "a script": cell("markdown", "m", "x <script>alert(1)</script>"),
    "a handler": cell("markdown", "m", "<img src=x onerror=alert(1)>"),
    "a tag over two lines": cell("markdown", "m", "<img\nsrc=x\nonerror=alert(1)>"),
    "a link": cell("markdown", "m", "[x](javascript:alert(1))"),
    "a link with spaces": cell("markdown", "m", "[x] (javascript:alert(1)) [y]( \tjavascript:alert(1))"),
    "a link in entities": cell("markdown", "m", "[x](&#106;avascript:alert(1)) [x](java&Tab;script:alert(1))"),
    "a link in brackets": cell("markdown", "m", "[x](<javascript:alert(1)>) <javascript:alert(1)>"),
    "a link elsewhere": cell("markdown", "m", "[x][1] [1]\n\n[1]: javascript:alert(1)\n"),
    "a picture": cell("markdown", "m", "![x](javascript:alert(1)) ![x](data:text/html,<script>alert(1)</script>)"),
    "a title": cell("markdown", "m", '[x](https://example.org "a\\" onmouseover=alert(1) b=\\"")'),
    "an address": cell("markdown", "m", '[x](https://example.org/"onmouseover="alert(1))'),
    "a written answer": cell("markdown", "m", "<svg/onload=alert(1)>", grade=True, solution=True, points=1),
    "a raw cell": cell("raw", "r", "<script>alert(1)</script>"),
    "math": cell("markdown", "m", "$x<img src=x onerror=alert(1)>$ and $$<script>alert(1)</script>$$"),
    "code": cell("markdown", "m", "```html\n<script>alert(1)</script>\n```\n`<img src=x onerror=alert(1)>`"),
    "words of a picture": ran({**display(image_png=PIXEL), "metadata": {"image/png": {"alt": 'a"><script>alert(1)</script>'}}}),
    "a picture's size": ran({**display(image_png=PIXEL), "metadata": {"image/png": {"width": '1" onload="alert(1)'}}}),
    "no words of a picture": ran({**display(image_png=PIXEL), "metadata": {"image/png": {"alt": [1]}, "alt": {}}}),
    "html": ran(display(text_html="<script>alert(1)</script>")),
    "JavaScript": ran(display(application_javascript="alert(1)")),
    "a drawing": ran(display(**{"image_svg+xml": "<svg onload='alert(1)'/>"})),
    "Markdown": ran(display(text_markdown="<script>alert(1)</script>")),
    "LaTeX": ran(display(text_latex="$<script>alert(1)</script>$")),
    "a picture's data": ran(display(image_png='x" onerror="alert(1)'), display(image_png=["x\" onerror='alert(1)"])),
    "a stream": ran({"output_type": "stream", "name": "stdout", "text": "<script>alert(1)</script>"}),
    "a result": ran(display(text_plain="<script>alert(1)</script>", text_html="<b>")),
    "an error": ran(
        {"output_type": "error", "ename": "<script>", "evalue": "<script>", "traceback": ["\x1b[31m<script>alert(1)</script>"]}
    ),
    "an attachment that is not there": cell("markdown", "m", "![x](attachment:nothing.png)"),
    "an attachment": {
        **cell("markdown", "m", "![x](attachment:a.png)"),
        "attachments": {"a.png": {"image/png": 'x" onerror="alert(1)', "image/svg+xml": "<svg onload=alert(1)>"}},
    },
}


@pytest.mark.parametrize("kind", EVIL)
def test_nothing_runs(kind: str) -> None:
    """The page has no script, no handler and no address that the formgrader's own empty page does not have."""
    harmless = {**EVIL[kind], "source": "x", "outputs": [], "attachments": {}}
    more = Counter(active_parts(page(EVIL[kind]))) - Counter(active_parts(page(harmless)))
    assert [part for part in more if "https://example.org" not in part and "data:image/png;base64,iVBOR" not in part] == []
    assert not any("onmouseover" in part.partition("=")[0] for part in more)


def test_what_graders_need_stays() -> None:
    """Text, tables of text, formulas, pictures, links and pasted pictures are there."""
    answer = cell(
        "markdown",
        "m",
        "Since $a < b$ and 2 <3, **see** [this](https://example.org/a) ![p](attachment:a.png)\n\n| x |\n|---|\n| 1 |",
    )
    answer["attachments"] = {"a.png": {"image/png": PIXEL}}
    text = page(answer, ran(display(image_png=PIXEL, text_plain="a figure"), display(text_plain=["array([1,\n", "2])"])))
    for part in ("$a &lt; b$", "2 &lt;3", "<strong>see</strong>", 'href="https://example.org/a"', "<td>1</td>", "array([1,"):
        assert part in text, part
    assert text.count(f"data:image/png;base64,{PIXEL}") == 2


def test_what_a_figure_says_in_words_stays() -> None:
    """The page has it as the picture's alternative; of the rest of what a student's program said about its output nothing stays."""
    figure = display(image_png=PIXEL, text_plain="a figure")
    figure["metadata"] = {"image/png": {"alt": "accuracy rises\nto .97", "width": 9_000}, "needs_background": "light"}
    (kept,) = sanitize.sanitize_notebook({"cells": [ran(figure)], "metadata": {}})["cells"][0]["outputs"]
    assert kept["metadata"] == {"image/png": {"alt": "accuracy rises to .97"}}
    assert 'alt="accuracy rises to .97"' in page(ran(figure))


def test_locked_cells_are_the_authors() -> None:
    """Markdown that a student cannot change keeps its HTML."""
    author = cell("markdown", "m", "<b>Read</b> this.", locked=True)
    assert sanitize.sanitize_notebook({"cells": [author], "metadata": {}})["cells"] == [author]
