"""Hands in weights and arrays that run a command when they are unpickled, and a torch hub. The grader must load none of them."""

import pickle


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, ("touch @BAIT@/PWNED-by-a-pickle",)


def _pickled() -> bytes:
    # protocol 0 is text: the folder's name can be put in without counting bytes
    return pickle.dumps(_Bomb(), protocol=0)


_HEADER = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
_NPY = b"\x93NUMPY\x01\x00" + (len(_HEADER) + 1).to_bytes(2, "little") + _HEADER + b"\n"
FILES = {
    **{name: _pickled() for name in ("weights.pt", "model.pth", "red.results.npz", "checkpoint.pt")},
    "array.npy": _NPY + _pickled(),
    "hubconf.py": "import os\n\nos.system('touch @BAIT@/PWNED-by-a-hub')\n",
    "red.results.json": '{"steps": {"__reduce__": ["os.system", ["touch @BAIT@/PWNED"]]}}',
}
OWN_CELLS = {"setup": "import numpy, pickle, sys\n\nfor name in ('weights.pt', 'model.pth'):\n    pickle.load(open(name, 'rb'))"}
