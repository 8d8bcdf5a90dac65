"""The edge-detection homework: images of edges, the small networks trained on them, and sweeps that train many at once.

Importing this package imports torch. `sweeps`, `records` (checks of recorded sweeps) and `plots` are imported by name.
"""

from hw_lib.labs.edges.dataset import EdgeDetectionDataset
from hw_lib.labs.edges.init import custom_sobel, edge_share, freeze_conv_layer, init_conv_kernel_with_edge_detector
from hw_lib.labs.edges.nets import (
    DeeperCNN,
    SimpleCNN,
    SimpleCNN_avgpool,
    ThreeLayerMLP,
    TwoLayerMLP,
    WiderCNN,
    count_parameters,
)

__all__ = [
    "DeeperCNN",
    "EdgeDetectionDataset",
    "SimpleCNN",
    "SimpleCNN_avgpool",
    "ThreeLayerMLP",
    "TwoLayerMLP",
    "WiderCNN",
    "count_parameters",
    "custom_sobel",
    "edge_share",
    "freeze_conv_layer",
    "init_conv_kernel_with_edge_detector",
]
