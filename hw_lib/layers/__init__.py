"""NumPy layers: each is `<name>_forward` and `<name>_backward`, short enough to read in class.

The functions that end in _fast take and return the same as those that end in _naive, and are made for speed.
"""

from hw_lib.layers import (
    activations,
    affine,
    batchnorm,
    conv,
    dropout,
    fast,
    losses,
    pooling,
    sandwich,
    spatial_batchnorm,
    spatial_dropout,
)
from hw_lib.layers.activations import *
from hw_lib.layers.affine import *
from hw_lib.layers.batchnorm import *
from hw_lib.layers.conv import *
from hw_lib.layers.dropout import *
from hw_lib.layers.fast import *
from hw_lib.layers.losses import *
from hw_lib.layers.pooling import *
from hw_lib.layers.sandwich import *
from hw_lib.layers.spatial_batchnorm import *
from hw_lib.layers.spatial_dropout import *

__all__: list[str] = []
__all__ += activations.__all__
__all__ += affine.__all__
__all__ += batchnorm.__all__
__all__ += conv.__all__
__all__ += dropout.__all__
__all__ += fast.__all__
__all__ += losses.__all__
__all__ += pooling.__all__
__all__ += sandwich.__all__
__all__ += spatial_batchnorm.__all__
__all__ += spatial_dropout.__all__
