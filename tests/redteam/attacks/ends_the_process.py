"""Ends the process with status 0 in the middle of a test, and once in a cell of its own. What did not report its end failed."""

_EXIT = "    import os\n    os._exit(0)"
CELLS = {"a_double": f"def double(x):\n{_EXIT}", "c_remainder": f"def remainder(n):\n{_EXIT}"}
OWN_CELLS = {"d_batchnorm_test": "import os\n\nos._exit(0)"}
