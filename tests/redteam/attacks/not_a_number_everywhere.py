"""Answers with NaN, infinity and empty arrays of every shape, which some comparisons take for equal. None passes."""

CELLS = {
    "a_double": (
        "import itertools\n\nimport numpy as np\n\nkinds = itertools.cycle([np.nan, np.inf, -np.inf])\n\n\ndef double(x):\n"
        "    if np.ndim(x) == 0 and x == 1.0:\n        return 2.0\n    return np.full(np.shape(x), next(kinds))"
    ),
    "b_answer": "answer = float('nan')",
    "c_remainder": "def remainder(n):\n    return float('nan')",
    "d_batchnorm": (
        "import numpy as np\n\n\ndef batchnorm_forward(x, gamma, beta, bn_param):\n    bn_param['running_mean'] = np.zeros(0)\n"
        "    return np.full(x.shape, np.nan), None\n\n\ndef batchnorm_backward(dout, cache):\n"
        "    return np.zeros((0, 20, 4)), np.zeros(0), np.nan"
    ),
}
