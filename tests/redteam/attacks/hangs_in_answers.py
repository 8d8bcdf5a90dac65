"""Hangs in __float__, __array__, __repr__ and attribute look-ups of what it returns. It costs its parts and a bounded time."""

OWN_CELLS = {
    "setup": """\
import time


class Slow:
    def hang(self, *args, **kwargs):
        time.sleep(30)
        raise RuntimeError("late")

    __float__ = __array__ = __repr__ = __str__ = __len__ = __iter__ = __eq__ = __bool__ = __reduce_ex__ = hang
    __hash__ = None
    __getattr__ = hang
""",
}
CELLS = {
    "a_double": "def double(x):\n    return Slow()",
    "b_answer": "answer = Slow()",
    "c_remainder": "def remainder(n):\n    return [Slow()]",
}
