"""Searches every object that the garbage collector knows for the text of hidden tests, and tells. It must find nothing."""

_LOOK = """\
import gc
import types


def look():
    found = []
    for thing in gc.get_objects():
        try:
            parts = thing.values() if type(thing) is dict else thing if type(thing) in (list, tuple, set) else ()
            found += [part for part in list(parts) if type(part) is str and "canary" + "-" in part and "found" not in part]
            if isinstance(thing, types.FunctionType):
                found += [part for part in thing.__code__.co_consts if type(part) is str and "canary" + "-" in part]
        except Exception:
            pass
    return "\\n".join(found)[:5000]
"""
OWN_CELLS = {"setup": _LOOK, "b_answer_test": "print(look())", "e_measure_test": "print(look())"}
CELLS = {
    "a_double": "def double(x):\n    raise ValueError(look())",
    "c_remainder": "def remainder(n):\n    raise ValueError(look())",
}
