"""Finds the socket to the trusted tests, reads what they ask, and answers in the name of the grader. None may be believed."""

OWN_CELLS = {
    "setup": """\
import gc
import os
import socket
import struct
import threading
import json

lines = [thing for thing in gc.get_objects() if isinstance(thing, socket.socket)]
for descriptor in range(3, 64):
    try:
        lines.append(socket.socket(fileno=os.dup(descriptor)))
    except OSError:
        pass


def serve(line):
    while True:
        try:
            head = line.recv(12, socket.MSG_WAITALL)
            length, size = struct.unpack(">IQ", head)
            question = json.loads(line.recv(length, socket.MSG_WAITALL))
            line.recv(size, socket.MSG_WAITALL) if size else None
            value = 42 if question.get("name") == "answer" else ["handle", 1, "function", ""]
            if question.get("do") == "call":
                value = question["args"][1] if len(question["args"]) > 1 else True
            text = json.dumps({"number": question["number"], "value": value, "changed": False, "dicts": []}).encode()
            line.sendall(struct.pack(">IQ", len(text), 0) + text)
        except Exception:
            return


for line in lines:
    threading.Thread(target=serve, args=(line,), daemon=True).start()
    if os.fork() == 0:
        serve(line)
        os._exit(0)
""",
}
EARNS = {"b_answer_test": 2.0}  # a process that says 42 has answered 42, whichever way it says so
