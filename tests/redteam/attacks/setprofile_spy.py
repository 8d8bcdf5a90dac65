"""A profile function that reads expected values out of every call the tests make, and answers with them. It must see none."""

OWN_CELLS = {
    "setup": """\
import sys
import threading

spied = []


def profile(frame, event, argument):
    for name in ("expected", "desired", "wanted"):
        if name in frame.f_locals:
            spied.append(frame.f_locals[name])
    if event == "call" and frame.f_code.co_name in ("value", "assert_allclose"):
        for name in ("got", "actual"):
            spied.append(frame.f_locals.get("expected", frame.f_locals.get("desired")))


sys.setprofile(profile)
threading.setprofile(profile)
""",
    # what the visible tests compare is a number; only the hidden ones compare arrays
    "e_measure_test": "print('PEEKED', sum(getattr(value, 'ndim', 0) > 0 for value in spied))",
}
CELLS = {"a_double": "def double(x):\n    return spied[-1] if spied else 0 * x"}


def check(seen: object) -> None:
    """It saw none of the hidden checks at work."""
    assert "PEEKED 0" in seen.outputs(of_tests=False)  # type: ignore[attr-defined]
