# loses:
def make_network():
    net = nn.Sequential(nn.Linear(2, 1, bias=False))
    net[0].weight.data.fill_(0)
    return net
