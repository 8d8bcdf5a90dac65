"""What a supervisor and its warm processes say to each other: JSON over a socket that keeps messages apart, with descriptors."""

from __future__ import annotations

import json
import os
import select
import socket
from collections.abc import Callable
from typing import Any

MOST = 65_536

Message = dict[str, Any]


def send(control: socket.socket, message: Message, descriptors: list[int] | None = None) -> None:
    """One message, with descriptors that the other side gets copies of."""
    socket.send_fds(control, [json.dumps(message).encode()], descriptors or [])


def receive(control: socket.socket) -> tuple[Message, list[int]]:
    """The next message and its descriptors; an empty one when the other side is gone."""
    data, descriptors, _, _ = socket.recv_fds(control, MOST, 8)
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return (json.loads(data) if data else {}), descriptors


def attend(control: socket.socket, children: dict[int, Any], bury: Callable[[int], None], answer: Callable[[], bool]) -> None:
    """Answer what is asked and bury the children that end, by the descriptors that `children` has at the time, until nobody asks.

    `answer` reads one request, and says False when the other side is gone.
    """
    while True:
        ready, _, _ = select.select([control.fileno(), *children], [], [])
        for descriptor in ready:
            if descriptor in children:
                bury(descriptor)
            elif not answer():
                return
