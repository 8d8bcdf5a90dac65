"""Everything that `from ….classifiers.fc_net import *` brought into an older notebook: models, layers and `np`.

The older module imported all layers by star, so a notebook got them, and NumPy, through it.
"""

import numpy as np

from hw_lib import coursework, layers
from hw_lib.coursework import *
from hw_lib.layers import *
from hw_lib.models import FullyConnectedNet, ThreeLayerConvNet, TwoLayerNet

__all__: list[str] = ["FullyConnectedNet", "ThreeLayerConvNet", "TwoLayerNet", "np"]
__all__ += layers.__all__
__all__ += coursework.__all__
