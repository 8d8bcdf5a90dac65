"""Writes over the collected, restored and executed notebooks, the scorecards and the gradebook. None of them changes."""

OWN_CELLS = {
    "setup": """\
import glob
import os

places = ["/submission", "/student_build", "/runner", "@BUILD@", "@COURSE@", "@CLASS@", "@BAIT@", "/"]
places += ["/usr/lib", "/etc", "/tmp", "/var/tmp", "/dev/shm"]
for place in places:
    for name in ("PWNED", "red.ipynb", "gradebook.db", "precious.txt", "autograded/PWNED", "red/score/PWNED.json"):
        try:
            os.makedirs(place, exist_ok=True)
            with open(os.path.join(place, name), "w") as file:
                file.write("{}")
        except OSError:
            pass
for number in range(256):
    for path in (f"/proc/self/fd/{number}", f"/proc/{number}/root/tmp/PWNED", f"/proc/{number}/cwd/PWNED"):
        try:
            with open(path, "r+b") as file:
                file.write(b"PWNED")
        except (OSError, ValueError):
            pass
""",
}
