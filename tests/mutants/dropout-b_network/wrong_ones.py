# loses: b_network_test
# says: started at a solution and never moved
def make_network():
    net = nn.Linear(2, 1, bias=False)
    nn.init.ones_(net.weight)
    return net
