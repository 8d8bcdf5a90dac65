"""What a notebook may ask for that is not there while grading: a network, a keyboard, a GPU, a name of another version.

Says so where an error does not.
"""

from __future__ import annotations

import re
import sys

NETWORK = "there is no network while grading: hand in what the notebook reads, and import only what the course installs"
KEYBOARD = "nobody types while grading: write the value into the notebook instead of asking for it"
GPU = "the grader has no GPU: write device = 'cuda' if torch.cuda.is_available() else 'cpu'"

# what torch says, by how it was built and what the machine has
_NO_GPU = re.compile(
    r"no NVIDIA driver|not compiled with CUDA|No CUDA GPUs are available|on a CUDA device but|no CUDA-capable device|"
    r"CUDA driver version is insufficient"
)
_NO_NETWORK = re.compile(
    r"name resolution|Name or service not known|nodename nor servname|Network is unreachable|NameResolutionError|resolve host|"
    r"urlopen error \[Errno|No address associated with hostname|offline mode is enabled"
)
_NO_NAME = re.compile(r"^module '((numpy|torch|torchvision|matplotlib)\b[\w.]*)' has no attribute")
_TOOLS = "pip3?|conda|mamba|uv|npm|npx|yarn|curl|wget|git|apt|apt-get|brew|gdown|kaggle|hf|huggingface-cli"
_REACHES_OUT = re.compile(rf"(?:^|[\s;&|(/])(?:{_TOOLS})(?:\s|$)")
_DEEPEST = 10


def hint(error: BaseException | None) -> str:
    """What was missing, if that is what an error comes from; empty for any other error."""
    kind, said = type(error).__name__, _said(error)
    if kind == "BdbQuit" or (kind == "EOFError" and said in ("", "EOF when reading a line")):
        return KEYBOARD
    if isinstance(error, RuntimeError | AssertionError) and _NO_GPU.search(said):
        return GPU
    if isinstance(error, AttributeError) and (found := _NO_NAME.search(said)):
        version = str(getattr(sys.modules.get(found[2]), "__version__", "of another version"))
        return f"{found[2]} {version.partition('+')[0]} grades, and has no such name; the first cell says which versions grade"
    return NETWORK if _is_of_the_network(error) else ""


def reaches_out(command: str) -> bool:
    """Whether a line for the system's shell starts a program that looks for a network."""
    return bool(_REACHES_OUT.search(command))


def _is_of_the_network(error: BaseException | None) -> bool:
    """Whether it, or what it was raised from, says so; libraries wrap such errors in their own."""
    for _ in range(_DEEPEST):
        if error is None:
            return False
        if isinstance(error, OSError | RuntimeError | ValueError) and _NO_NETWORK.search(_said(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _said(error: BaseException | None) -> str:
    try:
        return str(error)[:20_000]
    except BaseException:  # of a class that lies about itself
        return ""
