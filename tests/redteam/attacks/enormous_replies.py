"""Answers with arrays, texts, lists and integers far larger than any message. The test fails, and nobody's memory is gone."""

CELLS = {
    "a_double": "import numpy as np\n\n\ndef double(x):\n    return np.zeros(60_000_000)",
    "b_answer": "answer = 10 ** 2_000_000",
    "c_remainder": "def remainder(n):\n    return ['x' * 1000] * 300_000 if n % 2 else b'y' * 250_000_000",
    "d_batchnorm": (
        "import numpy as np\n\n\ndef batchnorm_forward(x, gamma, beta, bn_param):\n"
        "    bn_param.update({str(n): 'z' * 1000 for n in range(100_000)})\n"
        "    return np.broadcast_to(np.float64(0), (100_000, 100_000)), None"
    ),
}
