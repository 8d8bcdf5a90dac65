"""Reads the tests' text from the frames that call it, from linecache and from the history, and tells. It must find nothing."""

_LOOK = """\
import linecache
import sys


def look():
    found, frame = [], sys._getframe()
    while frame is not None:
        found += [repr(frame.f_globals.get("In")), repr(frame.f_code.co_consts), repr(list(frame.f_locals.items()))[:200_000]]
        found += ["".join(linecache.getlines(frame.f_code.co_filename))]
        frame = frame.f_back
    found += [repr(entry[2]) for entry in list(linecache.cache.values()) if len(entry) > 2]
    found += [repr(line) for line in get_ipython().history_manager.input_hist_raw]
    text = "\\n".join(part for part in found if "canary" in part)
    return "\\n".join(line for line in text.replace("\\\\n", "\\n").split("\\n") if "canary" in line)[:5000]
"""
OWN_CELLS = {
    "setup": _LOOK,
    "a_double_test": "print(look())",
    "e_measure_test": "print(look())\nopen('stolen.txt', 'w').write(look())",
}
CELLS = {
    "a_double": "def double(x):\n    raise RuntimeError(look())",
    "c_remainder": "def remainder(n):\n    print(look())\n    return look()",
}
