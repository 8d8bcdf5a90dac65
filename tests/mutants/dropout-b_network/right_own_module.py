# loses:
class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, 2))

    def forward(self, x):
        return x @ self.weight.T


def make_network():
    return Plain()
