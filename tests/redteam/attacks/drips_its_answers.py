"""Answers every question of the tests one byte at a time, so that no wait for a byte is long. It fails, and asks nobody to look."""

from typing import Any

OWN_CELLS = {
    "setup": """\
import socket
import time

whole = socket.socket.sendall


def drip(line, data):
    for byte in bytes(data):
        whole(line, bytes([byte]))
        time.sleep(0.4)


socket.socket.sendall = drip
""",
}


def check(seen: Any) -> None:
    """Nothing waits for a person for ever."""
    assert not [mark for mark in seen.card.marks if mark.undecided], seen.card
