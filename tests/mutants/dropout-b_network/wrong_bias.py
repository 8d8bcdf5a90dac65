# loses: b_network_test
# says: build the layer with bias=False
def make_network():
    net = nn.Linear(2, 1)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    return net
