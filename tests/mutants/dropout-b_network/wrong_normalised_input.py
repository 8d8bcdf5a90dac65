# loses: b_network_test
# says: start both weights at zero
class Normalised(nn.Linear):
    def forward(self, x):
        return super().forward(x / x.norm(dim=1, keepdim=True))


def make_network():
    net = Normalised(2, 1, bias=False)
    nn.init.zeros_(net.weight)
    return net
