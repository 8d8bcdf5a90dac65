"""What a student's function hands back: the pair (out, cache) that every layer's forward pass returns.

Knows nothing of layers: a cache is whatever the function keeps for its backward pass, and nobody looks into it.
"""

from __future__ import annotations

from typing import Any

from hw_lib.errors import CheckFailed


def pair(name: str, result: Any, expected: str = "(out, cache)") -> tuple[Any, Any]:
    """Take apart what a function returned, which must be two things.

    Args:
        name: the function's name.
        result: what it returned.
        expected: the two things, as its task names them.

    Returns:
        The two.

    Raises:
        CheckFailed: it returned nothing, one thing, or more than two.
    """
    if isinstance(result, tuple | list) and len(result) == 2:
        return result[0], result[1]
    if result is None:
        got = "nothing"
    elif isinstance(result, tuple | list):
        got = f"{len(result)} things"
    else:
        got = "one thing"
    fix = f"end with: return {expected.strip('()')}"
    raise CheckFailed(f"{name} returns {got} instead of {expected}", expected=expected, got=got, fix=fix)
