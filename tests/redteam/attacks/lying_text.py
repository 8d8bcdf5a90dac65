"""Answers with subclasses of str, list, tuple and dict that equal everything. A test must get exact types."""

OWN_CELLS = {
    "setup": """\
def liar(kind):
    yes, no = (lambda self, other: True), (lambda self, other: False)
    return type(kind.__name__, (kind,), {"__eq__": yes, "__ne__": no, "__hash__": lambda self: 0, "__len__": lambda self: 1})


Text, List, Tuple, Dict = liar(str), liar(list), liar(tuple), liar(dict)
""",
}
CELLS = {
    "a_double": "def double(x):\n    return List([0.0])",
    "b_answer": "answer = Text('nan')",
    "c_remainder": "def remainder(n):\n    return Text(n) if n % 2 else Tuple()",
    "d_batchnorm": (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    return Tuple([List(x * 0), Dict()])\n\n\n"
        "def batchnorm_backward(dout, cache):\n    return Tuple([0 * dout, 0 * dout[0], 0 * dout[0]])"
    ),
}
