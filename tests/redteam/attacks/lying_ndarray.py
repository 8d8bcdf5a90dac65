"""Answers with arrays of a subclass whose ufuncs and comparisons always agree. Subclasses must not survive the way to a test."""

OWN_CELLS = {
    "setup": """\
import numpy as np


class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.True_

    def __array_function__(self, func, types, args, kwargs):
        return np.True_

    __eq__ = __lt__ = __le__ = lambda self, other: np.True_
    __ne__ = __gt__ = __ge__ = lambda self, other: np.False_


def lie(x):
    return np.zeros(np.shape(x)).view(Liar)
""",
}
CELLS = {
    "a_double": "def double(x):\n    return lie(x)",
    "b_answer": "answer = lie(0)",
    "c_remainder": "def remainder(n):\n    return lie(0)",
    "d_batchnorm": (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    bn_param['running_mean'] = lie(beta)\n    return lie(x), 0\n\n\n"
        "def batchnorm_backward(dout, cache):\n    return lie(dout), lie(dout[0]), lie(dout[0])"
    ),
}
