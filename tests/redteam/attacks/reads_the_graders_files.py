"""Looks for the sources, the gradebook, other submissions and the staff's library wherever they may lie. None must be there."""

import json
from typing import Any

OWN_CELLS = {
    "setup": """\
import os
import sys

wanted = ["@BUILD@", "@COURSE@", "@CLASS@", "@BAIT@", *"/root /home /etc/passwd /etc/shadow /var /mnt /media".split()]
found = [(path, sorted(os.listdir(path))) for path in wanted if os.path.isdir(path)]
ours = {"student", *sys.prefix.split("/"), *sys.base_prefix.split("/")}  # the interpreter may lie in somebody's home
print("FOUND", [(path, names) for path, names in found if set(names) - ours], [path for path in wanted if os.path.isfile(path)])
hits = []
for top in ("/", "/home", "/tmp", "/run", "/opt", "/srv", "/mnt", "/submission", "/student_build"):
    for folder, folders, names in os.walk(top):
        if folder.count("/") > 6 or folder.startswith(("/proc", "/usr", "/sys", "/lib", "/dev")) or folder.startswith(sys.prefix):
            folders[:] = []
            continue
        hits += [folder + "/" + name for name in names if name.endswith((".db", "course.toml")) or name == "precious.txt"]
print("HITS", hits)
try:
    import grading.regions
    print("IMPORTED", grading.regions.__file__)
except Exception as error:
    print("none", type(error).__name__)
print("ENVIRONMENT", sorted(name for name in os.environ if "TOKEN" in name or "KEY" in name or "SECRET" in name))
""",
}


def check(seen: Any) -> None:
    """It saw no file of ours."""
    said = json.dumps(json.loads(seen.outputs(of_tests=False)))
    assert "FOUND [] []" in said, said[:2000]
    assert "HITS []" in said, said[:2000]
    assert "IMPORTED" not in said
    assert "ENVIRONMENT []" in said
