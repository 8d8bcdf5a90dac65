# loses: d_dropout_test
# says: returns the mask instead
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return (torch.rand_like(x) >= self.p).to(x.dtype) / (1 - self.p)
