"""Answers with subclasses of float, int and bool-like numbers that equal everything. A test must get exact types."""

OWN_CELLS = {
    "setup": """\
class Float(float):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = float.__hash__
    __sub__ = __rsub__ = lambda self, other: 0.0
    __array__ = lambda self, *args, **kwargs: __import__("numpy").array(42.0)


class Int(int):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = int.__hash__
    __rmod__ = lambda self, other: self
""",
}
CELLS = {
    "a_double": "def double(x):\n    return Float(0)",
    "b_answer": "answer = Float(0)",
    "c_remainder": "def remainder(n):\n    return Int(0) if n % 3 else Int(1)",
}
