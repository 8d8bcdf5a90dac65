# loses: b_network_test
# says: 10·w1 + w2 is not 11
def make_network():
    net = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(net.weight)
    net.register_full_backward_hook(lambda *_: None)
    net.weight.register_hook(torch.zeros_like)
    return net
