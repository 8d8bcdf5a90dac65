# loses: b_network_test
# says: start both weights at zero
def make_network():
    net = nn.Linear(2, 1, bias=False)
    nn.init.constant_(net.weight, 0.5)
    return net
