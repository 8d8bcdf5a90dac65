"""Tables of predictions and measurements, as plain data and as text, and the inventory of a model.

Sizes go in as bytes; what is shown says its unit. Knows nothing of plots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from torch import nn

MB, MIB = 10**6, 2**20


class Row(TypedDict):
    """One line of a report, in bytes; `difference` is predicted / measured - 1, None where nothing was measured."""

    name: str
    predicted: int
    measured: int | None
    difference: float | None


class Tensor(TypedDict):
    """One line of an inventory: `kind` is 'parameter' or 'buffer', `itemsize` the bytes of one number."""

    name: str
    kind: str
    shape: list[int]
    itemsize: int
    trainable: bool


def inventory(model: nn.Module) -> list[Tensor]:
    """Every parameter and every buffer of a model, as plain data."""
    parameters: list[Tensor] = [
        {"name": name, "kind": "parameter", "shape": list(p.shape), "itemsize": p.itemsize, "trainable": p.requires_grad}
        for name, p in model.named_parameters()
    ]
    return parameters + [
        {"name": name, "kind": "buffer", "shape": list(b.shape), "itemsize": b.itemsize, "trainable": False}
        for name, b in model.named_buffers()
    ]


def report(predicted: Mapping[str, int], measured: Mapping[str, int] | None = None) -> list[Row]:
    """Set predictions beside measurements.

    Args:
        predicted: bytes by name.
        measured: bytes by the same names; some or all may be missing.

    Returns:
        A row for each prediction, in their order.
    """
    rows: list[Row] = []
    for name, expected in predicted.items():
        got = (measured or {}).get(name)
        rows.append({"name": name, "predicted": expected, "measured": got, "difference": expected / got - 1 if got else None})
    return rows


def text(rows: Sequence[Row], *, where: str = "", columns: tuple[str, str] = ("predicted", "measured")) -> str:
    """A report as a table to print.

    Args:
        rows: from `report`.
        where: on what machine the measurements were made; stands in the heading.
        columns: what the two columns of numbers are called.
    """
    width = max([4, *(len(row["name"]) for row in rows)])
    first, second = columns
    lines = [f"{'':{width}}  {first:>9}  {second:>9}{f' ({where})' if where else ''}   difference"]
    for row in rows:
        got = f"{row['measured'] / MB:9,.1f}" if row["measured"] is not None else "        -"
        off = f"{row['difference']:+.2%}" if row["difference"] is not None else "-"
        lines.append(f"{row['name']:{width}}  {row['predicted'] / MB:9,.1f}  {got} MB   {off}")
    return "\n".join(lines)
