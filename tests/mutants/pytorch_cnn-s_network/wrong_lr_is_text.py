# loses: s_network_test
# says: without quotes
def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, 100))


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 5, "batch_size": 64, "lr": "1e-3", "lr_decay": 0.9, "weight_decay": 0.0}
