# loses: s_network_test
# says: with ()
def make_network():
    """A fresh network: images (N, 3, 32, 32) in, scores (N, 100) out."""
    return NeuralNetwork


# Then the settings, for example: my_settings = {"epochs": 6, "batch_size": 50, "lr": 1e-3, "lr_decay": 1.0, "weight_decay": 0.0}
my_settings = {"epochs": 10, "batch_size": 50, "lr": 2e-3, "lr_decay": 0.8, "weight_decay": 0.0}
