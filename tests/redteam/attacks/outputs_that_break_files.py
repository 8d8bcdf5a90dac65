"""Shows halves of characters, integers no file holds, nulls, loops and keys of every kind. Its own outputs are the only victim."""

OWN_CELLS = {
    "setup": """\
from IPython.display import display

print("half \\ud83d of \\udc00 a character", chr(0), chr(0x2028), chr(0x85))
for thing in (10**4000, float("nan"), {"a": {1: 2}}, [[[]]] * 3, "\\ud83d", None, b"bytes", {("a", 1): 2}):
    try:
        display({"application/json": thing, "text/plain": repr(thing)[:100]}, raw=True)
    except Exception as error:
        print(type(error).__name__)
    try:
        display({"text/plain": thing, 7: "seven"}, metadata={"text/plain": thing}, raw=True)
    except Exception as error:
        print(type(error).__name__)
10**4000
""",
    "b_answer": "10**30",
    "c_remainder": "-(2**70)",
}
