"""JSON nested a hundred thousand deep, in the file and in metadata. It is refused, and a person looks."""

from grading import notebook as nb

PERSON = True


def notebook(blank: nb.Notebook) -> bytes:
    """The blank notebook with a well in its metadata."""
    well = b"[" * 100_000 + b"]" * 100_000
    return nb.dump(blank).encode().replace(b'"metadata": {}', b'"metadata": {"well": ' + well + b"}", 1)
