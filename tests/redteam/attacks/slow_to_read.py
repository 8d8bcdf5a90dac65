"""Sources made to stall whoever looks through them: blank lines, call chains, brackets, long names. Reading them ends soon."""

CELLS = {
    "a_double": "\n" * 300_000 + "x = 1",
    "b_answer": "x" + "()" * 20_000,
    "c_remainder": "x = " + "-" * 50_000 + "1",
    "d_batchnorm": "(" * 5_000 + ")" * 5_000,
    "w_words": "<" * 100_000 + "[" * 100_000,
}
OWN_CELLS = {
    "setup": " \n\t" * 200_000 + "pass",
    "a_double": "x" + ".a" * 50_000 + " = 1",
    "b_answer": "x = [" + "[" * 80 + "1," * 100_000 + "]" * 81,
    "c_remainder": "def f():\n" + "".join(" " * depth + "if 1:\n" for depth in range(1, 90)) + " " * 90 + "x = 1",
    "d_batchnorm": "if 0:\n    x = " + "+".join(["f()"] * 30_000),
}
