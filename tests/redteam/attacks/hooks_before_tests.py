"""Inserts cells before the tests that set hooks, hand the next cell to another program, or leave a string open. None helps."""

OWN_CELLS = {
    "setup": """\
def before(info):
    info.raw_cell = "pass"
    if "checks" in str(info.raw_cell):
        raise SystemExit(0)


def after(result):
    result.error_in_exec = result.error_before_exec = None
    result.result = 3.0
    get_ipython().last_error = None


shell = get_ipython()
shell.events.register("pre_run_cell", before)
shell.events.register("pre_execute", lambda: None)
shell.events.register("post_run_cell", after)
shell.events.register("post_execute", lambda: setattr(type(shell), "last_error", None))
""",
    "a_double": "%%capture --no-stderr everything\nprint('open')\n'''",
    "b_answer": "%xmode Minimal\n%autocall 2\n%pdb on\n%autoawait asyncio",
    "c_remainder": "%%script true\nthis is not Python",
    "d_batchnorm": '"""\nnever closed (((',
}
