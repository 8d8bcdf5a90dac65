"""Leaves startup files for Python, IPython and matplotlib in its home and ends the process, to be run again. They run nowhere."""

OWN_CELLS = {
    "a_double": """\
import os
import pathlib
import site

here = pathlib.Path.cwd()
if not list(here.glob("again-*")):
    (here / "again-1").write_text("")
    evil = "import builtins; builtins.PWNED = True; print('PWNED at start')\\n"
    startup = os.environ.get("IPYTHONDIR", "/tmp/ipython") + "/profile_default/startup"
    folders = [startup, site.getusersitepackages(), str(here), "/tmp"]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
        for name in ("00.py", "usercustomize.py", "sitecustomize.py", "evil.pth", "json.py", "numpy.py", "IPython.py"):
            pathlib.Path(folder, name).write_text(evil)
    os._exit(0)
""",
    "e_measure_test": "import builtins\n\nprint('PWNED' if hasattr(builtins, 'PWNED') else 'clean')",
}


def check(seen: object) -> None:
    """The second run began in a clean home."""
    assert "PWNED" not in seen.outputs(of_tests=False)  # type: ignore[attr-defined]
