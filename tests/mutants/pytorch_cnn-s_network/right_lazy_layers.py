def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    parts = [nn.LazyConv2d(32, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU(), nn.AdaptiveAvgPool2d(2)]
    return nn.Sequential(*parts, nn.Flatten(), nn.LazyLinear(100))


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
