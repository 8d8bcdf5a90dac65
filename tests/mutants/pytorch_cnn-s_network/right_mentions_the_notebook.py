NAMES = [f"shape {k}" for k in range(100)]
calls = {"count": 0}


class Net(nn.Module):
    """Batchnorm, a flag, a list of layers outside of the modules' own list, a closure, globals of the notebook."""

    def __init__(self, wide=256, act=functional.relu):
        super().__init__()
        self.act, self.names, self.shape = act, NAMES, np.zeros(3)
        self.body = nn.Sequential(nn.Conv2d(3, wide, 5, stride=3), nn.BatchNorm2d(wide), nn.Conv2d(wide, wide, 3, padding=1, bias=False), nn.BatchNorm2d(wide))
        self.head = nn.Linear(wide, len(self.names))
        self.steps = [self.body, self.head]

    def forward(self, x):
        calls["count"] += 1
        return self.steps[1](self.act(self.steps[0](x)).amax(dim=(2, 3)))


def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    return Net()


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
