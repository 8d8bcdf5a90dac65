def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    return nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.utils.parametrizations.spectral_norm(nn.Linear(128, 100)))


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": np.int64(5), "batch_size": np.int32(64), "lr": np.float64(1e-3), "lr_decay": 1, "weight_decay": 0}
