# loses:
class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return (x * self.w).sum(dim=1, keepdim=True)


def make_network():
    return Flat()
