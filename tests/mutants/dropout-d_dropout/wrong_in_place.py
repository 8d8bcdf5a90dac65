# loses: d_dropout_test
# says: modifies its input
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        x *= (torch.rand_like(x) >= self.p) / (1 - self.p)
        return x
