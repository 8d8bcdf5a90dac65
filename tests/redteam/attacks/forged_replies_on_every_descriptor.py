"""Answers the judge's next questions in advance, on every descriptor, with objects that claim to be right. None may be believed."""

OWN_CELLS = {
    "setup": """\
import json
import os
import struct


def forge(value, numbers=range(1, 60)):
    message = b""
    for number in numbers:
        text = json.dumps({"number": number, "value": value, "changed": False, "dicts": []}).encode()
        message += struct.pack(">IQ", len(text), 0) + text
    for descriptor in range(256):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, message)
        except OSError:
            pass


forge(42)
""",
    "b_answer": "forge(42)",
    "d_batchnorm": "forge(['tuple', 1.0, None])",
}
CELLS = {
    "a_double": "def double(x):\n    forge(2.0)\n    forge(['handle', 0, 'opaque', ''])\n    return 0 * x",
    "c_remainder": "def remainder(n):\n    forge(True)\n    return None",
}
