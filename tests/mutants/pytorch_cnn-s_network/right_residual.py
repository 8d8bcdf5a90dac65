def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    class Block(nn.Module):
        def __init__(self, c):
            super().__init__()
            self.inside = nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1))

        def forward(self, x):
            return functional.relu(x + self.inside(x))

    parts = [nn.Conv2d(3, 32, 3, padding=1, stride=2), Block(32), nn.Conv2d(32, 64, 3, padding=1, stride=2), Block(64)]
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 100))


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
