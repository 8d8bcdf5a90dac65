"""Answers with everything that is no number: nothing, functions, generators, loops, odd keys, odd arrays. No test passes."""

OWN_CELLS = {
    "setup": """\
import itertools

import numpy as np

loop = []
loop.append(loop)
deep = None
for _ in range(5000):
    deep = [deep]
odd = itertools.cycle(
    [
        None,
        ...,
        NotImplemented,
        lambda *args: True,
        (n for n in range(3)),
        loop,
        deep,
        {None: 1, (1, 2): 2, 3.5: 3, "handle": ["handle", 0, "opaque", ""]},
        ["handle", 0, "function", ""],
        np.array([object(), None], dtype=object),
        np.array(["2026-01-01"], dtype="datetime64[D]"),
        np.zeros(3, dtype=[("a", "f8"), ("b", "O")]),
        np.ma.masked_all(3),
        complex("nan"),
        range(10**18),
        slice(None),
        "\\ud83d",
        type,
        Exception("no"),
        frozenset({1, 2}),
        memoryview(b"abc"),
    ]
)
""",
}
CELLS = {
    "a_double": "def double(x):\n    return next(odd)",
    "b_answer": "answer = next(odd)",
    "c_remainder": "def remainder(n):\n    return next(odd)",
    "d_batchnorm": (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    bn_param['running_mean'] = next(odd)\n"
        "    bn_param[loop[0] is loop] = odd\n"
        "    return next(odd), next(odd)\n\n\ndef batchnorm_backward(dout, cache):\n    return next(odd)"
    ),
}
