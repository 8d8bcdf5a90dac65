"""What older coursework notebooks ask for and the notebooks of this course do not: more layers, their costs, data and image grids.

The names are those of the older code (see docs/coursework.md). Nothing else in hw_lib imports this package.
"""

from hw_lib.coursework.conv1d import conv1d_backward, conv1d_forward
from hw_lib.coursework.depthwise import (
    depthwise_conv_backward,
    depthwise_conv_forward,
    pointwise_conv_backward,
    pointwise_conv_forward,
    separable_conv_backward,
    separable_conv_forward,
)
from hw_lib.coursework.groupnorm import (
    instancenorm_backward,
    instancenorm_forward,
    spatial_groupnorm_backward,
    spatial_groupnorm_forward,
)
from hw_lib.coursework.layernorm import layernorm_backward, layernorm_forward
from hw_lib.coursework.transposed import conv_transpose_backward, conv_transpose_forward

__all__ = [
    "conv1d_backward",
    "conv1d_forward",
    "conv_transpose_backward",
    "conv_transpose_forward",
    "depthwise_conv_backward",
    "depthwise_conv_forward",
    "instancenorm_backward",
    "instancenorm_forward",
    "layernorm_backward",
    "layernorm_forward",
    "pointwise_conv_backward",
    "pointwise_conv_forward",
    "separable_conv_backward",
    "separable_conv_forward",
    "spatial_groupnorm_backward",
    "spatial_groupnorm_forward",
]
