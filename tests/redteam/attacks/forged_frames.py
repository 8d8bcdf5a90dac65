"""Walks up its own frames to the program that runs the cells and replaces how it runs them. No cell may count that way."""

OWN_CELLS = {
    "setup": """\
import sys

frame = sys._getframe()
while frame is not None:
    for name, thing in list(frame.f_globals.items()):
        if name == "run_cell" or name == "shells":
            module = sys.modules[frame.f_globals["__name__"]] if name == "run_cell" else thing
            honest = module.run_cell

            def run_cell(shell, channel, source, limit, honest=honest):
                if "checks." in source or "score" in source:
                    channel.send(event="end", error_name="", error_message="", value=None, odd_value="")
                else:
                    honest(shell, channel, source, limit)

            module.run_cell = run_cell
    frame = frame.f_back
""",
}
