def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("mean", torch.tensor([0.5, 0.5, 0.5]).view(1, 3, 1, 1))
            self.first, self.last = nn.Conv2d(3, 256, 3, padding=1, stride=4), nn.Linear(256, 100)
            self.s1 = self.s2 = nn.Conv2d(256, 256, 3, padding=1)  # 590,080: twice would be too many

        def forward(self, x):
            x = functional.relu(self.first(x - self.mean))
            return self.last(self.s2(functional.relu(self.s1(x))).mean(dim=(2, 3)))

    return Net()


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
