# loses: b_network_test
# says: have no other parameter
class Doubled(nn.Linear):
    def forward(self, x):
        return 2 * super().forward(x)


def make_network():
    net = Doubled(2, 1, bias=False)
    nn.init.zeros_(net.weight)
    return net
