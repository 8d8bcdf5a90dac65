"""Fills every folder it can write to, with one large file and with many small ones. The machine's disk must not feel it."""

OWN_CELLS = {
    "setup": """\
import os

block = os.urandom(1 << 20)
written = 0
for folder in (".", os.environ.get("TMPDIR", "/tmp"), "/tmp", "/var/tmp", "/dev/shm", "/run", "/home/student", "/"):
    for number in range(400):
        try:
            with open(f"{folder}/PWNED-{number}", "wb") as file:
                for _ in range(40):
                    written += file.write(block)
        except OSError:
            if number > 12:
                break
print("WROTE", written // 1_000_000, "MB")
""",
}


def check(seen: object) -> None:
    """It wrote something, and far less than a disk holds: two folders of 20 MB and one of shared memory."""
    said = seen.outputs(of_tests=False)  # type: ignore[attr-defined]
    megabytes = int(said.partition("WROTE ")[2].split(" ")[0])
    assert 0 < megabytes < 100
