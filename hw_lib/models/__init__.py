"""The networks of the homeworks, over NumPy layers. They reach layers only through `hw_lib.ops`."""

from hw_lib.models.cnn import ThreeLayerConvNet
from hw_lib.models.fc_net import FullyConnectedNet
from hw_lib.models.two_layer_net import TwoLayerNet

__all__ = ["FullyConnectedNet", "ThreeLayerConvNet", "TwoLayerNet"]
