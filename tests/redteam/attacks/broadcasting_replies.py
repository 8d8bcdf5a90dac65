"""Answers with numbers where arrays are asked, arrays where numbers are, and truth values, which all broadcast. None passes."""

CELLS = {
    "a_double": "import numpy as np\n\n\ndef double(x):\n    return np.array([2.0 if np.ndim(x) == 0 and x == 1.0 else 0])",
    "b_answer": "import numpy as np\n\nanswer = np.arange(43.0)",
    "c_remainder": "import numpy as np\n\n\ndef remainder(n):\n    return np.arange(3)",
    "d_batchnorm": (
        "import numpy as np\n\n\ndef batchnorm_forward(x, gamma, beta, bn_param):\n    bn_param['running_mean'] = True\n"
        "    return np.broadcast_to(np.zeros(1), x.shape), None\n\n\n"
        "def batchnorm_backward(dout, cache):\n    return 0.0, True, False"
    ),
}
