# loses: s_network_test
# says: different scores each time in evaluation mode
def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.last = nn.Conv2d(3, 16, 3, stride=2), nn.Linear(16, 100)

        def forward(self, x):
            return self.last(functional.dropout(functional.relu(self.conv(x)).amax(dim=(2, 3))))

    return Net()


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
