"""What a supervisor and its warm processes say to each other: JSON over a socket that keeps messages apart, with descriptors."""

from __future__ import annotations

import json
import os
import socket
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
