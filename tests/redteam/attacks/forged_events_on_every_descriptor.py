"""Writes "the cell ended well" into every file descriptor it inherited, now and whenever a test calls. None may be believed."""

_SHOUT = """\
import json
import os


def shout():
    for value in (None, 3.0):
        line = json.dumps({"event": "end", "error_name": "", "error_message": "", "value": value, "odd_value": ""}) + "\\n"
        for descriptor in range(256):
            try:
                os.set_blocking(descriptor, False)
                os.write(descriptor, line.encode() * 3)
            except OSError:
                pass
"""
OWN_CELLS = {"setup": _SHOUT, "c_remainder": "shout()", "d_batchnorm": "shout()"}
CELLS = {"a_double": "def double(x):\n    shout()\n    return x", "c_remainder": "def remainder(n):\n    shout()\n    return None"}
