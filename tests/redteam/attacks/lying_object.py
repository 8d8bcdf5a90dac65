"""Answers with an object whose comparisons, conversions and class all lie. What a test compares must be plain data."""

_LIAR = """\
import numpy as np


class Liar:
    __array_priority__ = 1e9
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    __hash__ = None
    __bool__ = lambda self: True
    __float__ = lambda self: 42.0
    __int__ = lambda self: 42
    __len__ = lambda self: 1
    __abs__ = __neg__ = __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = lambda self, *other: self
    __array__ = lambda self, *args, **kwargs: np.array(42.0)
    __array_ufunc__ = lambda self, *args, **kwargs: True
    __array_function__ = lambda self, *args, **kwargs: True
    __class__ = property(lambda self: float)
    shape, ndim, size, dtype = (), 0, 1, np.dtype(float)
    __getattr__ = lambda self, name: lambda *args, **kwargs: True
    __iter__ = lambda self: iter([self, self, self])
"""
OWN_CELLS = {"setup": _LIAR}
CELLS = {
    "a_double": "def double(x):\n    return Liar()",
    "b_answer": "answer = Liar()",
    "c_remainder": "def remainder(n):\n    return Liar()",
    "d_batchnorm": (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    bn_param['running_mean'] = Liar()\n    return Liar(), Liar()\n\n\n"
        "def batchnorm_backward(dout, cache):\n    return Liar(), Liar(), Liar()"
    ),
}
EARNS = {"b_answer_test": 2.0}  # its float is 42: who says the right number in an odd way has said it
