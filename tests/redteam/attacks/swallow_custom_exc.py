"""Registers an IPython handler that says nothing about any exception. A test that failed must still have failed."""

OWN_CELLS = {
    "setup": "get_ipython().set_custom_exc((BaseException,), lambda shell, kind, error, tb, tb_offset=None: None)",
}
