# loses: b_network_test
# says: the weights did not move
def make_network():
    net = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(net.weight)
    net.weight.register_hook(torch.zeros_like)
    return net
