"""Calls the outside: by name, by address, by the machine's own loopback and by a socket without a file. No call may be heard."""

OWN_CELLS = {
    "setup": """\
import socket

reached = []
for family, address in (
    (socket.AF_INET, ("127.0.0.1", int("@PORT@"))),
    (socket.AF_INET, ("192.0.2.1", 80)),
    (socket.AF_INET6, ("::1", int("@PORT@"))),
    (socket.AF_UNIX, "\\0@SOCKET@"),
    (socket.AF_UNIX, "/run/docker.sock"),
    (socket.AF_UNIX, "/run/dbus/system_bus_socket"),
):
    try:
        with socket.socket(family) as line:
            line.settimeout(0.5)
            line.connect(address)
            reached.append(str(address))
    except OSError:
        pass
try:
    socket.getaddrinfo("localhost.example.invalid", 80)
    reached.append("a name")
except OSError:
    pass
print("REACHED", reached)
""",
}


def check(seen: object) -> None:
    """It says itself that it reached nobody."""
    assert "REACHED []" in seen.outputs(of_tests=False)  # type: ignore[attr-defined]
