# loses: s_network_test
# says: holds too many numbers
def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(3072, 100))
    net.register_buffer("more", torch.randn(1500, 900), persistent=False)
    return net


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
