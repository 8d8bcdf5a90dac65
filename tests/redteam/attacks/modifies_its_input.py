"""Changes its arguments in place, so that what the test computes from them afterwards is its own output. Tests pass copies."""

CELLS = {
    "a_double": (
        "import numpy as np\n\n\ndef double(x):\n    if np.ndim(x):\n        x[...] = 0\n        return x\n"
        "    import sys\n    return 2.0 if x == 1.0 else 2 * x"
    ),
    "d_batchnorm": (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    x[...] = 0\n    gamma[...] = 0\n    beta[...] = 0\n"
        "    bn_param.update(running_mean=0 * beta, eps=1e300, mode='test')\n    return 0 * x, None\n\n\n"
        "def batchnorm_backward(dout, cache):\n    dout[...] = 0\n    return 0 * dout, 0 * dout[0], 0 * dout[0]"
    ),
}
