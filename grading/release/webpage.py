"""Executed notebooks, and texts for students -> web pages that need no network; formulas are MathML, which browsers draw."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from nbconvert import HTMLExporter

from grading import formulas


def page(text: str, title: str) -> str:
    """Render an executed notebook.

    Args:
        text: the notebook's file as text.
        title: the title of the page.

    Returns:
        Self-contained HTML.
    """
    exporter = _Exporter(template_name="solution", extra_template_basedirs=[str(Path(__file__).parent / "templates")])
    notebook = nbformat.reads(text, as_version=4)
    made, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return str(made)


_DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.55 system-ui, sans-serif; }}
pre {{ padding: .75rem 1rem; white-space: pre-wrap; border: 1px solid #8888; border-radius: .4rem; }}
code {{ font-size: .95em; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #8888; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def document(text: str, title: str) -> str:
    """Markdown as one page that needs no network; formulas as MathML."""
    body = formulas.markdown(text, formulas.Renderer(escape=False, exclude_anchor_links=True))
    return _DOCUMENT.format(title=html.escape(title), body=body)


class _Exporter(HTMLExporter):
    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Markdown as nbconvert does it, with our renderer for formulas."""
        cell = context.get("cell", {})
        renderer = formulas.Renderer(escape=False, attachments=cell.get("attachments", {}), anchor_link_text=self.anchor_link_text)
        return formulas.markdown(source, renderer)
