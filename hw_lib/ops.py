"""LayerOps: the layer functions that a model calls. A student's functions enter a model here, and only here.

model = FullyConnectedNet([100], use_batchnorm=True, ops=LayerOps().using(batchnorm_forward, batchnorm_backward))
"""

from __future__ import annotations

import dataclasses
import difflib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hw_lib import layers
from hw_lib.errors import explain, invalid

Layer = Callable[..., Any]

_VARIANT = re.compile(r"_(naive|fast|alt|im2col|strides)$")  # conv_forward_naive serves wherever conv_forward is asked for


@dataclass(frozen=True)
class LayerOps:
    """The functions a model calls, one field for each; the library's own unless replaced by `using`."""

    affine_forward: Layer = layers.affine_forward
    affine_backward: Layer = layers.affine_backward
    relu_forward: Layer = layers.relu_forward
    relu_backward: Layer = layers.relu_backward
    batchnorm_forward: Layer = layers.batchnorm_forward
    batchnorm_backward: Layer = layers.batchnorm_backward_alt
    dropout_forward: Layer = layers.dropout_forward
    dropout_backward: Layer = layers.dropout_backward
    conv_forward: Layer = layers.conv_forward_fast
    conv_backward: Layer = layers.conv_backward_fast
    max_pool_forward: Layer = layers.max_pool_forward_fast
    max_pool_backward: Layer = layers.max_pool_backward_fast
    softmax_loss: Layer = layers.softmax_loss

    def using(self, *functions: Layer) -> LayerOps:
        """Replace layers by functions of the same name.

        Args:
            functions: each is matched by its name; the endings _naive, _fast, _alt, _im2col and _strides do not count, so
                conv_forward_naive replaces conv_forward.

        Returns:
            A copy with those functions in place; this object stays as it is.

        Raises:
            ValueError: a name that no layer has (with the nearest one), a signature that cannot take the layer's
                arguments, or two functions for the same layer.
            TypeError: something that is no function.
        """
        replaced: dict[str, Layer] = {}
        for function in functions:
            name = _layer_name(function)
            if name in replaced:
                raise invalid(
                    f"LayerOps.using: two functions for {name}",
                    expected="at most one function for each layer",
                    got=f"{_name(replaced[name])} and {_name(function)}",
                    fix="pass one of the two",
                )
            _check_signature(name, function)
            replaced[name] = function
        return dataclasses.replace(self, **replaced)


_NAMES = tuple(field.name for field in dataclasses.fields(LayerOps))


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", ""))


def _layer_name(function: Any) -> str:
    """The field that a function belongs to."""
    if not callable(function) or not _name(function):
        raise TypeError(
            explain(
                "LayerOps.using: not a function with a name",
                expected="functions, such as batchnorm_forward",
                got=f"{type(function).__name__}: {function!r}"[:100],
                fix="pass the function itself, without calling it",
            )
        )
    name = _VARIANT.sub("", _name(function))
    if name in _NAMES:
        return name
    near = difflib.get_close_matches(name, _NAMES, n=1)
    raise invalid(
        f"LayerOps.using: no layer is called {_name(function)!r}",
        expected=", ".join(_NAMES),
        got=_name(function),
        fix=f"did you mean {near[0]!r}? Rename your function" if near else "rename your function to one of these",
    )


def _check_signature(name: str, function: Layer) -> None:
    """Refuse a function that cannot be called with the arguments that models pass."""
    ours = inspect.signature(getattr(LayerOps, name))
    try:
        theirs = inspect.signature(function)
    except (TypeError, ValueError):  # builtins and some proxies do not tell
        return
    try:
        theirs.bind(*ours.parameters)
    except TypeError as error:
        raise invalid(
            f"LayerOps.using: {_name(function)} has the wrong signature",
            expected=f"{_name(function)}({', '.join(ours.parameters)})",
            got=f"{_name(function)}({', '.join(map(str, theirs.parameters.values()))})",
            fix="give it these arguments, in this order",
        ) from error
