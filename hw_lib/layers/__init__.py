"""NumPy layers: each is `<name>_forward` and `<name>_backward`, short enough to read in class.

The functions that end in _fast take and return the same as those that end in _naive, and are made for speed.
"""

from hw_lib.layers.activations import (
    leaky_relu_backward,
    leaky_relu_forward,
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)
from hw_lib.layers.affine import affine_backward, affine_forward
from hw_lib.layers.batchnorm import batchnorm_backward, batchnorm_backward_alt, batchnorm_forward
from hw_lib.layers.conv import conv_backward_naive, conv_forward_naive
from hw_lib.layers.dropout import dropout_backward, dropout_forward
from hw_lib.layers.fast import (
    avg_pool_backward_fast,
    avg_pool_forward_fast,
    conv_backward_fast,
    conv_forward_fast,
    dropout_backward_fast,
    dropout_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from hw_lib.layers.losses import softmax_loss, svm_loss
from hw_lib.layers.pooling import avg_pool_backward_naive, avg_pool_forward_naive, max_pool_backward_naive, max_pool_forward_naive
from hw_lib.layers.sandwich import (
    affine_bn_relu_backward,
    affine_bn_relu_forward,
    affine_relu_backward,
    affine_relu_do_backward,
    affine_relu_do_forward,
    affine_relu_forward,
    conv_bn_relu_backward,
    conv_bn_relu_forward,
    conv_bn_relu_pool_backward,
    conv_bn_relu_pool_forward,
    conv_relu_backward,
    conv_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)
from hw_lib.layers.spatial_batchnorm import spatial_batchnorm_backward, spatial_batchnorm_forward
from hw_lib.layers.spatial_dropout import spatial_dropout_backward, spatial_dropout_forward

__all__ = [
    "affine_backward",
    "affine_bn_relu_backward",
    "affine_bn_relu_forward",
    "affine_forward",
    "affine_relu_backward",
    "affine_relu_do_backward",
    "affine_relu_do_forward",
    "affine_relu_forward",
    "avg_pool_backward_fast",
    "avg_pool_backward_naive",
    "avg_pool_forward_fast",
    "avg_pool_forward_naive",
    "batchnorm_backward",
    "batchnorm_backward_alt",
    "batchnorm_forward",
    "conv_backward_fast",
    "conv_backward_naive",
    "conv_bn_relu_backward",
    "conv_bn_relu_forward",
    "conv_bn_relu_pool_backward",
    "conv_bn_relu_pool_forward",
    "conv_forward_fast",
    "conv_forward_naive",
    "conv_relu_backward",
    "conv_relu_forward",
    "conv_relu_pool_backward",
    "conv_relu_pool_forward",
    "dropout_backward",
    "dropout_backward_fast",
    "dropout_forward",
    "dropout_forward_fast",
    "leaky_relu_backward",
    "leaky_relu_forward",
    "max_pool_backward_fast",
    "max_pool_backward_naive",
    "max_pool_forward_fast",
    "max_pool_forward_naive",
    "relu_backward",
    "relu_forward",
    "sigmoid_backward",
    "sigmoid_forward",
    "softmax_loss",
    "spatial_batchnorm_backward",
    "spatial_batchnorm_forward",
    "spatial_dropout_backward",
    "spatial_dropout_forward",
    "svm_loss",
    "tanh_backward",
    "tanh_forward",
]
