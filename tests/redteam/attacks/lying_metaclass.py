"""Answers with classes instead of objects, whose metaclass lies, and with modules. Neither may pass for a number."""

OWN_CELLS = {
    "setup": """\
import math


class Meta(type):
    __eq__ = lambda cls, other: True
    __ne__ = lambda cls, other: False
    __hash__ = lambda cls: 0
    __float__ = lambda cls: 42.0
    __instancecheck__ = __subclasscheck__ = lambda cls, other: True
    __sub__ = __rsub__ = __abs__ = lambda cls, *other: 0.0


class Liar(metaclass=Meta):
    pass
""",
}
CELLS = {
    "a_double": "def double(x):\n    return Liar",
    "b_answer": "answer = Liar",
    "c_remainder": "def remainder(n):\n    return Liar if n % 2 else math",
}
