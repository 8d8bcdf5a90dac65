"""One attack per module: the docstring says what it tries and what must happen, the data say how it is handed in.

Everything a module may define is described in tests/redteam/attack.py. What attacks is text here: it runs in a sandbox only.
"""
