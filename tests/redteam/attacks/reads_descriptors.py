"""Reads whatever waits in the descriptors it inherited, and looks where they lead. It finds no test and no other submission."""

OWN_CELLS = {
    "e_measure_test": """\
import os
import socket
import stat

told = []
for descriptor in range(3, 256):
    try:
        kind, target = stat.S_IFMT(os.fstat(descriptor).st_mode), os.readlink(f"/proc/self/fd/{descriptor}")
        told.append(target)
        os.set_blocking(descriptor, False)
        told.append(repr(os.read(descriptor, 100_000)))
    except OSError:
        pass
for place in [target for target in told if target.startswith("/")]:
    try:
        told.append(repr(os.listdir(place) if os.path.isdir(place) else open(place, "rb").read(10_000)))
    except OSError:
        pass
print("TOLD", told)
print("OUTSIDE", [target for target in told if target.startswith(("@BUILD@", "@COURSE@", "@CLASS@"))])
""",
}


def check(seen: object) -> None:
    """None of them leads to a folder of the grader's."""
    assert "OUTSIDE []" in seen.outputs(of_tests=False)  # type: ignore[attr-defined]
