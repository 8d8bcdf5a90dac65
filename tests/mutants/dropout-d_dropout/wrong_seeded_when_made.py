# loses: d_dropout_test
# says: the first call of every new module
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p, self.generator = p, torch.Generator().manual_seed(0)

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand(x.shape, generator=self.generator) >= self.p) / (1 - self.p)
