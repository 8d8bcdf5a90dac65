"""Puts a function in the place of the shell's run_cell that runs nothing and returns success. No cell may count that way."""

OWN_CELLS = {
    "setup": """\
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult


def run_cell(*args, **kwargs):
    return ExecutionResult(ExecutionInfo("", True, False, True, None))


shell = get_ipython()
shell.run_cell = run_cell
type(shell).run_cell = run_cell
for name in ("run_cell_async", "_run_cell", "run_ast_nodes", "do_execute"):
    setattr(type(shell), name, run_cell)
""",
}
