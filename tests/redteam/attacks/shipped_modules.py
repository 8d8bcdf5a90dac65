"""Hands in modules named like ours, NumPy's, Python's and IPython's, that agree with everything. Tests import none of them."""

_YES = """\
import os


def __getattr__(name):
    if name.startswith("__") and name != "__path__":
        raise AttributeError(name)
    return yes


def yes(*args, **kwargs):
    return True


value = shape = close = holds = vector = assert_allclose = yes
__version__ = "9"
__path__ = []
"""
_NAMES = (
    "hw_lib",
    "numpy",
    "json",
    "IPython",
    "checks",
    "sitecustomize",
    "usercustomize",
    "linecache",
    "grading",
    "torch",
    "socket",
)
FILES = {
    **{f"{name}.py": _YES for name in _NAMES},
    **{f"{name}/__init__.py": _YES for name in ("hw_lib", "numpy", "grading")},
    **{f"{name}.py": _YES for name in ("hw_lib/checks", "numpy/testing", "grading/inside/wire", "grading/inside/answers")},
    ".ipython/profile_default/startup/00.py": "get_ipython().run_cell = None",
    ".config/matplotlib/matplotlibrc": "backend: module://evil",
    "pyvenv.cfg": "home = /tmp",
}
