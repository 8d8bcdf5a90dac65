"""Turns its process into another program that reports success for whatever it is asked to run. No such report earns anything."""

OWN_CELLS = {
    "setup": """\
import os
import sys

program = '''
import json, os, select
line = json.dumps({"event": "end", "error_name": "", "error_message": "", "value": None, "odd_value": ""}).encode() + b"\\\\n"
more = b"".join(json.dumps({"event": name, "problem": ""}).encode() + b"\\\\n" for name in ("snapshot", "answered", "ready"))
while True:
    for descriptor in range(64):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, line + more)
        except OSError:
            pass
    select.select([], [], [], 0.2)
'''
for descriptor in range(64):
    try:
        os.set_inheritable(descriptor, True)
    except OSError:
        pass
os.execv(sys.executable, [sys.executable, "-c", program])
""",
}
