"""Recognises the grader by its environment and leaves the test with a polite exit. A test that was left was not passed."""

_EXIT = "    import os\n    if os.environ.get('NBGRADER_EXECUTION'):\n        raise SystemExit(0)\n    return 0"
CELLS = {
    "a_double": f"def double(x):\n{_EXIT}",
    "c_remainder": f"def remainder(n):\n{_EXIT}",
    "d_batchnorm": f"def batchnorm_forward(x, gamma, beta, bn_param):\n{_EXIT}",
    "b_answer": "import os\n\nif os.environ.get('NBGRADER_EXECUTION'):\n    quit()\nanswer = 0",
}
