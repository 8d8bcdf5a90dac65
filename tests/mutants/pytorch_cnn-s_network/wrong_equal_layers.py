# loses: s_network_test
# says: your network has too many parameters
def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    layers = [nn.Linear(3072, 200) for _ in range(4)]
    for layer in layers:  # equal at the start, but each learns its own numbers
        layer.load_state_dict(layers[0].state_dict())

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers, self.last = nn.ModuleList(layers), nn.Linear(200, 100)

        def forward(self, x):
            return self.last(functional.relu(sum(layer(x.flatten(1)) for layer in self.layers)))

    return Net()


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
