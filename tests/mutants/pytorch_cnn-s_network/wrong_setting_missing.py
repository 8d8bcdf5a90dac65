# loses: s_network_test
# says: my_settings has the wrong entries
def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    layers, channels = [], 3
    for wide in (24, 48, 96):
        layers += [nn.Conv2d(channels, wide, 3, padding=1, bias=False), nn.BatchNorm2d(wide), nn.ReLU(), nn.MaxPool2d(2)]
        channels = wide
    return nn.Sequential(*layers, nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(4 * channels, 100))


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8}
