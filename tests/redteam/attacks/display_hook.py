"""Prints points and nan, and sends results from the display hook and from functions. Only the test's own value counts."""

OWN_CELLS = {
    "setup": """\
import sys

hook = get_ipython().displayhook


class Generous(type(hook)):
    def __call__(self, result=None):
        super().__call__(5.0)

    def update_user_ns(self, result):
        pass


hook.__class__ = Generous


def tell():
    for value in (4.0, 3.0, float("nan")):
        hook.write_format_data({"text/plain": repr(value)})
        print(value)
        get_ipython().display_pub.publish({"text/plain": repr(value)})
""",
}
CELLS = {
    "a_double": "def double(x):\n    tell()\n    raise KeyboardInterrupt",
    "c_remainder": "def remainder(n):\n    tell()\n    return None",
}
