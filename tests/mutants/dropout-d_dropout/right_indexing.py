# loses:
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        out = x / (1 - self.p)
        return out.masked_fill(torch.rand(x.shape, device=x.device) < self.p, 0)
