"""NumPy layers: each is `<name>_forward` and `<name>_backward`, short enough to read in class."""

from hw_lib.layers.dropout import dropout_backward, dropout_forward

__all__ = ["dropout_backward", "dropout_forward"]
