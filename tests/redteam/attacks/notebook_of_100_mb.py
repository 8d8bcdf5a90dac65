"""A notebook of 100 MB, nearly all of it one output. It is refused in bounded time, and a person looks."""

import json

from grading import notebook as nb

PERSON = True


def notebook(blank: nb.Notebook) -> bytes:
    """The blank notebook with a very long output."""
    whole = json.loads(nb.dump(blank))
    whole["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "MARK"}]
    return json.dumps(whole).encode().replace(b"MARK", b"x" * 100_000_000)
