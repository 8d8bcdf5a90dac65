"""The edge-detection homework: images of edges drawn from a seed, the small networks that look at them, and those networks stacked.

Knows nothing of training loops, plots or notebooks. Importing it imports torch.
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
