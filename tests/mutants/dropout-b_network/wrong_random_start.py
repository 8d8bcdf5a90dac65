# loses: b_network_test
# says: start both weights at zero
def make_network():
    return nn.Linear(2, 1, bias=False)
