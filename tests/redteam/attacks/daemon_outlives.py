"""Daemons of a session of their own, deaf to every signal, that hold all lines open and report success later. None may live on."""

OWN_CELLS = {
    "setup": """\
import json
import os
import signal
import time

line = json.dumps({"event": "end", "error_name": "", "error_message": "", "value": None, "odd_value": ""}).encode() + b"\\n"
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            until = time.time() + 600
            while time.time() < until:
                time.sleep(0.5)
                for descriptor in range(64):
                    try:
                        os.set_blocking(descriptor, False)
                        os.write(descriptor, line)
                    except OSError:
                        pass
        os._exit(0)
""",
}
