"""The domain configuration of a set of edge images: its keys, their defaults, and which values are refused.

Knows nothing of pixels or torch.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.errors import invalid

KINDS = ("horizontal", "vertical", "diagonal", "both", "none")
DEFAULTS: dict[str, Any] = {
    "data_per_class": 1000,
    "num_classes": 3,
    "class_type": ["horizontal", "vertical", "none"],
    "spatial_resolution": 28,
    "min_edge_width": 1,
    "max_edge_width": 4,
    "min_edge_intensity": 0.25,
    "max_edge_intensity": 1.0,
    "min_background_intensity": 0.0,
    "max_background_intensity": 0.2,
    "possible_edge_location_ratio": 1.0,
    "num_horizontal_edge": 1,
    "num_vertical_edge": 1,
    "num_diagonal_edge": 1,
    "use_permutation": False,
    "permutater": None,
    "unpermutater": None,
    "seed": 0,
}


@dataclass(frozen=True)
class EdgeConfig:
    """A checked domain configuration.

    Attributes:
        per_class: images of each class.
        kinds: the kind of every class, in the order of the labels.
        side: height and width, in pixels.
        widths: narrowest and widest edge, in pixels, both included.
        intensities: darkest and brightest edge, in [0, 1].
        backgrounds: darkest and brightest background, in [0, 1]; every image has one.
        split: the row (or column) that separates the training edges from the others; `side` when they share the image.
        edges: how many edges a picture of a kind holds.
        permutation: (side²,) the pixel that goes to each place, or None.
        seed: of the images; another seed gives other images of the same kind.
    """

    per_class: int
    kinds: tuple[str, ...]
    side: int
    widths: tuple[int, int]
    intensities: tuple[float, float]
    backgrounds: tuple[float, float]
    split: int
    edges: Mapping[str, int]
    permutation: NDArray[np.intp] | None
    seed: int


def read(domain_config: Mapping[str, Any]) -> EdgeConfig:
    """Check a domain configuration.

    Args:
        domain_config: any of the keys of DEFAULTS; `num_classes` follows from `class_type` where only that is given.

    Returns:
        The configuration.

    Raises:
        ValueError: an unknown key, or values that no images can have.
    """
    for key in domain_config:
        _require(key in DEFAULTS, f"unknown key {key!r}", "one of " + ", ".join(DEFAULTS), key, _did_you_mean(key, DEFAULTS))
    c = {**DEFAULTS, **domain_config}
    kinds = _kinds(c, "num_classes" in domain_config, "class_type" in domain_config)
    side, per_class, seed = (_whole(c, key) for key in ("spatial_resolution", "data_per_class", "seed"))
    _require(side >= 4, "spatial_resolution is too small", "at least 4 pixels", side)
    _require(per_class >= 1, "data_per_class must be positive", "1 or more", per_class)
    ratio = float(c["possible_edge_location_ratio"])
    _require(0 < ratio <= 1, "possible_edge_location_ratio is outside (0, 1]", "0.5 for one half, 1.0 for the whole image", ratio)
    split = int(ratio * side)
    room = side if split == side else min(split, side - split)
    widths = (_whole(c, "min_edge_width"), _whole(c, "max_edge_width"))
    _require(
        1 <= widths[0] <= widths[1] <= room,
        "the edges do not fit",
        f"1 <= min_edge_width <= max_edge_width <= {room}, the pixels an edge may lie in",
        f"{widths[0]} and {widths[1]}",
        "use narrower edges, a larger spatial_resolution or another possible_edge_location_ratio",
    )
    edges = {kind: _whole(c, f"num_{kind}_edge") for kind in ("horizontal", "vertical", "diagonal")}
    for kind, count in edges.items():
        _require(count >= 1 or kind not in kinds, f"num_{kind}_edge must be positive", "1 or more", count)
    return EdgeConfig(
        per_class=per_class,
        kinds=kinds,
        side=side,
        widths=widths,
        intensities=_range(c, "edge"),
        backgrounds=_range(c, "background"),
        split=split,
        edges=edges,
        permutation=_permutation(c, side),
        seed=seed,
    )


def _kinds(c: Mapping[str, Any], counted: bool, listed: bool) -> tuple[str, ...]:
    kinds = tuple(c["class_type"])
    for kind in kinds:
        _require(
            kind in KINDS, f"unknown class {kind!r}", "classes from " + ", ".join(KINDS), kind, _did_you_mean(str(kind), KINDS)
        )
    _require(len(set(kinds)) == len(kinds), "class_type names a class twice", "different classes", list(kinds))
    _require(
        len(kinds) == c["num_classes"] or (listed and not counted),
        "num_classes and class_type disagree",
        f"{c['num_classes']} classes",
        list(kinds),
        "give one name for each class, in the order of the labels",
    )
    return kinds


def _whole(c: Mapping[str, Any], key: str) -> int:
    number = c[key]
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    _require(whole and number >= 0, f"{key} is not a whole number", "0, 1, 2, …", repr(number))
    return int(number)


def _range(c: Mapping[str, Any], name: str) -> tuple[float, float]:
    low, high = float(c[f"min_{name}_intensity"]), float(c[f"max_{name}_intensity"])
    _require(
        0 <= low <= high <= 1, f"the {name} intensities are no range within [0, 1]", "0 <= min <= max <= 1", f"{low:g} and {high:g}"
    )
    return low, high


def _permutation(c: Mapping[str, Any], side: int) -> NDArray[np.intp] | None:
    if not c["use_permutation"]:
        return None
    there = np.ravel(np.asarray(c["permutater"] if c["permutater"] is not None else []))
    pixels = np.arange(side * side)
    _require(
        np.array_equal(np.sort(there), pixels),
        "permutater is no permutation of the pixels",
        f"each of 0 … {side * side - 1} once",
        f"{there.size} numbers",
        f"np.random.default_rng(0).permutation({side * side})",
    )
    there = there.astype(np.intp)
    if c["unpermutater"] is not None:
        _require(
            np.array_equal(there[np.ravel(c["unpermutater"])], pixels) if np.size(c["unpermutater"]) == there.size else False,
            "unpermutater does not undo permutater",
            "np.argsort(permutater)",
            "another permutation",
            "leave it out: it is computed",
        )
    return there


def _did_you_mean(word: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""


def _require(condition: object, what: str, expected: str, got: object, fix: str = "") -> None:
    if not condition:
        raise invalid(f"domain_config: {what}", expected=expected, got=got, fix=fix)
