"""Files of hw_lib that would answer an exercise in other words (`hidden_library_files` in course.toml).

Students have them, to train with; while their work is graded each function in them only says that it is not there.
"""

from __future__ import annotations

import ast


def withheld(text: str) -> str:
    """A module whose functions and classes are there, so that it can be imported, and raise when they are called.

    Args:
        text: the module's source.

    Returns:
        The source of what stands in for it: the same imports and names, and no line that computes anything.
    """
    kept: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept.append(ast.unparse(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            kept.append(_stub(f"def {node.name}({ast.unparse(node.args)}):", node.name))  # LayerOps reads signatures
        elif isinstance(node, ast.ClassDef):
            kept.append(f"class {node.name}:\n" + _indented(_stub("def __init__(self, *args, **kwargs):", node.name)))
        else:
            kept += _names(node)
    return "\n\n".join(kept) + "\n"


def _stub(head: str, name: str) -> str:
    why = f"{name} is not there while a notebook is graded: use the function that you wrote yourself"
    return f"{head}\n    raise NotImplementedError({why!r})"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _names(node: ast.stmt) -> list[str]:
    """Values that other modules may import: what is exported stays, a constant has no value."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if names == ["__all__"]:
        return [ast.unparse(node)]
    return [f"{name} = None" for name in names]
