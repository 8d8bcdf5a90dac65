"""Markdown with LaTeX formulas -> HTML with MathML, which browsers draw without a script. Escapes nothing but the formulas."""

from __future__ import annotations

import contextlib
import html
import unicodedata
import xml.etree.ElementTree as ElementTree

from latex2mathml import converter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_VARIANTS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR", "bold": "BOLD"}


def mathml(latex: str, display: str) -> str:
    r"""A formula as MathML; what the converter cannot read is shown as it was written.

    The converter's own text undoes the escaping of what a formula quotes (`\text{<script>}`), so the elements are written here.

    Args:
        latex: the formula, without its dollar signs.
        display: "inline" or "block".
    """
    try:
        root = converter.convert_to_element(latex.strip(), display=display)
        for element in root.iter():
            variant = _VARIANTS.get(element.attrib.get("mathvariant", ""), "")
            if variant:
                del element.attrib["mathvariant"]
            element.text = _lettered(html.unescape(element.text or ""), variant) or None
        return ElementTree.tostring(root, encoding="unicode")
    except Exception:  # a formula in a corner of LaTeX: readable is better than no page
        return f"<code>{html.escape(latex)}</code>"


def _lettered(text: str, variant: str) -> str:
    """Letters of another alphabet by their own characters: browsers that draw MathML know no attribute for them."""
    return "".join(_letter(char, variant) for char in text) if variant else text


def _letter(char: str, variant: str) -> str:
    if not (char.isascii() and char.isalpha()):
        return char
    kind = "CAPITAL" if char.isupper() else "SMALL"
    for name in (f"MATHEMATICAL {variant} {kind} {char.upper()}", f"{variant} {kind} {char.upper()}"):
        with contextlib.suppress(KeyError):
            return unicodedata.lookup(name)
    return char


def markdown(text: str, renderer: Renderer) -> str:
    """Markdown as HTML; formulas as MathML."""
    return str(MarkdownWithMath(renderer=renderer).render(text))


class Renderer(IPythonRenderer):
    """nbconvert's, with our formulas."""

    def block_math(self, body: str) -> str:
        """$$ … $$."""
        return self.formula(body, "block")

    def multiline_math(self, text: str) -> str:
        """The same over several lines."""
        return self.formula(text.strip("$"), "block")

    def latex_environment(self, name: str, body: str) -> str:
        """An environment without dollar signs."""
        return self.formula(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")

    def inline_math(self, body: str) -> str:
        """$ … $."""
        return self.formula(body, "inline")

    def formula(self, latex: str, display: str) -> str:
        """Every formula comes through here."""
        return mathml(latex, display)
