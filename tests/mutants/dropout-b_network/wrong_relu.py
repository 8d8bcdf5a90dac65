# loses: b_network_test
# says: so nothing may follow the layer
def make_network():
    net = nn.Sequential(nn.Linear(2, 1, bias=False), nn.ReLU())
    nn.init.zeros_(net[0].weight)
    return net
