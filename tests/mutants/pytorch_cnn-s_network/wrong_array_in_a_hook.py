# loses: s_network_test
# says: holds too many numbers
def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    more = np.random.randn(3072, 400).astype(np.float32)
    net = nn.Sequential(nn.Flatten(), nn.Linear(3072, 100))
    net[1].register_forward_hook(lambda layer, given, out: out + 0 * float(more[0, 0]))
    return net


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
