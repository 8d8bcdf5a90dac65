# loses: d_dropout_test
# says: one decision for each row
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = torch.rand(x.shape[0], *[1] * (x.dim() - 1)) >= self.p
        return x * mask / (1 - self.p)
