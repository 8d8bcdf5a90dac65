"""Replaces everything in the shell that shows or remembers an exception. A test that failed must still have failed."""

OWN_CELLS = {
    "setup": """\
shell = get_ipython()
for kind in type(shell).__mro__[:-1]:
    for name in ("showtraceback", "_showtraceback", "showsyntaxerror", "InteractiveTB"):
        try:
            setattr(kind, name, lambda *args, **kwargs: None)
        except Exception:
            pass
for kind in type(shell).__mro__[:1]:
    kind.last_error = property(lambda self: None, lambda self, value: None)
""",
}
