"""A trace function that sets what a check expects to what it got, in every frame it sees. It must see no frame of a test."""

OWN_CELLS = {
    "setup": """\
import ctypes
import sys

pairs = {"expected": "got", "desired": "actual", "wanted": "array"}
rewritten = []


def trace(frame, event, argument):
    for expected, got in pairs.items():
        if expected in frame.f_locals and got in frame.f_locals:
            frame.f_locals[expected] = frame.f_locals[got]
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
            rewritten.append(frame.f_code.co_name)
    return trace


sys.settrace(trace)
""",
    "e_measure_test": "sys.settrace(None)\nprint('REWRITTEN', sorted(set(rewritten) & {'assert_allclose'}))",
}


def check(seen: object) -> None:
    """It saw none of the checks that only the hidden tests use."""
    assert "REWRITTEN []" in seen.outputs(of_tests=False)  # type: ignore[attr-defined]
