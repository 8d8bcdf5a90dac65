"""The layers of `hw_lib.layers`, made fast in plain NumPy: the same names, arguments and caches, one formulation a file."""

from hw_lib.layers.fast.average_pooling import avg_pool_backward_fast, avg_pool_forward_fast
from hw_lib.layers.fast.convolution import conv_backward_fast, conv_forward_fast
from hw_lib.layers.fast.dropout import dropout_backward_fast, dropout_forward_fast
from hw_lib.layers.fast.max_pooling import max_pool_backward_fast, max_pool_forward_fast
from hw_lib.layers.fast.spatial_batchnorm import spatial_batchnorm_backward_fast, spatial_batchnorm_forward_fast

__all__ = [
    "avg_pool_backward_fast",
    "avg_pool_forward_fast",
    "conv_backward_fast",
    "conv_forward_fast",
    "dropout_backward_fast",
    "dropout_forward_fast",
    "max_pool_backward_fast",
    "max_pool_forward_fast",
    "spatial_batchnorm_backward_fast",
    "spatial_batchnorm_forward_fast",
]
