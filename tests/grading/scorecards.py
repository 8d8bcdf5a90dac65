"""A small class of scorecards, written by hand: what feedback, report and export have to cope with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grading.marks import Mark, Scorecard, Verdict
from grading.settings import Assignment, Limits

_NB = "q_coding_dropout"
_POINTS = {"a": 4.0, "b": 3.0, "c": 4.0, "d": 8.0, "e": 4.0, "f": 4.0, "g": 4.0, "h": 3.0, "i": 4.0}
_LIMITS = Limits(180, 20, 180, 3000, 64, 256, 50, 200, 2, 2)
ASSIGNMENT = Assignment("dropout", "Understanding Dropout", (_NB,), (), ("g", "h", "i"), _POINTS, _LIMITS)

_CELLS = (
    ("a_expression", 2.0, True),
    ("a_weights", 2.0, False),
    ("b_weights", 2.0, False),
    ("b_same_as_a", 1.0, True),
    ("c_data_matrix", 2.0, False),
    ("c_weights", 2.0, False),
    ("d_dropout_train", 3.0, False),
    ("d_dropout_test", 2.0, False),
    ("d_curve", 3.0, True),
    ("e_weights", 2.0, False),
    ("e_compare", 2.0, True),
    ("f_contributions", 2.0, False),
    ("f_why", 2.0, True),
    ("g_sweep", 3.0, False),
    ("g_limit", 1.0, True),
    ("h_adam", 2.0, False),
    ("h_compare", 1.0, True),
    ("i_records", 2.0, False),
    ("i_cheat", 2.0, True),
)
SCALING: dict[str, Any] = {
    "what": "in training, the survivors are not scaled",
    "expected": "a mean of 1.0 over 10,000 ones, give or take 0.02",
    "got": "a mean of 0.499",
    "fix": "Inverted scaling is missing: divide the entries that survive by 1 - p, so that the expected output equals the input.",
    "reason": "forgot the 1/(1-p) scaling",
}
BLANK: dict[str, Any] = {
    "what": "this cell was not filled in yet",
    "fix": "Write your answer where the notebook says YOUR CODE HERE.",
    "reason": "not answered",
}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31mred\x1b[0m \x1b]0;title\x07\u202eevil\x00"
_TEXTS = ("what", "expected", "got", "fix", "reason")


def the_class() -> dict[str, Scorecard]:
    """Students by name, not in order."""
    unjudged = {"verdict": Verdict.UNJUDGED, "points": None, "reason": "the trusted process stopped", "what": "internal detail"}
    endless = {"what": "x" * 9000, "expected": "1\n" * 300, "got": "y" * 5000, "fix": "z " * 5000, "reason": "long " * 500}
    half = {"verdict": Verdict.PARTIAL, "points": 1.25, "reason": "half of the rates are right", "what": "half of the rates"}
    read = {"points": 2.5, "comment": "Nicely seen: four levels.\nSay why the top one is 121."}
    blank = {name: {"answered": False} if by_hand else _failed(**BLANK) for name, _, by_hand in _CELLS}
    hostile = _failed(**dict.fromkeys(_TEXTS, HOSTILE))
    everyone = [
        card("perfect"),
        card("blank", blank),
        card("forgot_scaling", {"d_dropout_train": _failed(**SCALING), "g_sweep": half, "d_curve": read}),
        card("unlucky", {"d_dropout_train": unjudged}),
        card("Zoë Ångström", {"e_weights": _failed(**endless)}, told=("1 locked cell was edited and put back.",)),
        card("<b>bobby</b>", {"a_weights": hostile}, told=(HOSTILE,)),
    ]
    return {one.student: one for one in everyone}


def card(
    student: str, changes: dict[str, dict[str, Any]] | None = None, notes: tuple[str, ...] = (), told: tuple[str, ...] = ()
) -> Scorecard:
    """Everything right, but for the changes: grade id -> fields of the mark."""
    marks = [replace(_mark(*cell), **(changes or {}).get(cell[0], {})) for cell in _CELLS]
    return Scorecard("dropout", student, tuple(marks), (*notes, *told), told=told)


def _mark(grade_id: str, points: float, by_hand: bool) -> Mark:
    part = grade_id.split("_")[0]
    common: dict[str, Any] = {"grade_id": grade_id, "notebook": _NB, "part": part, "optional": part in "ghi"}
    if by_hand:
        return Mark(points=None, max_points=points, verdict=Verdict.BY_HAND, reason="a person grades this", **common)
    return Mark(points=points, max_points=points, verdict=Verdict.PASSED, **common)


def _failed(**more: Any) -> dict[str, Any]:
    return {"verdict": Verdict.FAILED, "points": 0.0, "reason": "wrong", **more}
