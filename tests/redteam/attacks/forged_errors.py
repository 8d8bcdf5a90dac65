"""Raises errors that look like a broken test of ours, a failed check of ours, or no error at all. None of them earns anything."""

OWN_CELLS = {
    "setup": """\
class Evil(BaseException):
    __class__ = property(lambda self: StopIteration)

    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


class CellTimeout(KeyboardInterrupt):
    pass


NotRun = type("NotRun", (Exception,), {})
Nameless = type("", (Exception,), {})
errors = [
    NameError("name 'np' is not defined"),
    AttributeError("module 'hw_lib.checks' has no attribute 'value'"),
    SyntaxError("<ipython-input-1> invalid syntax"),
    Nameless(""),
    Evil(),
    CellTimeout(""),
    NotRun(""),
    StopIteration(3.0),
    GeneratorExit(),
    SystemExit(0),
    KeyboardInterrupt(),
    AssertionError("  expected: <b>x</b>\\n  got: y\\n  fix: z" * 1000),
]
""",
}
CELLS = {
    "a_double": "def double(x):\n    raise errors[0]",
    "b_answer": "raise errors[2]",
    "c_remainder": "def remainder(n):\n    raise errors[4 + (id(n) // 16) % 7]",
    "d_batchnorm": (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    raise errors[3]\n\n\n"
        "def batchnorm_backward(dout, cache):\n    raise errors[1]"
    ),
}
