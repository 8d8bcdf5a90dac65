# loses: d_dropout_test
# says: do not drop a fixed number
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = torch.ones(x.numel())
        mask[torch.randperm(x.numel())[: round(self.p * x.numel())]] = 0
        return x * mask.reshape(x.shape).to(x.dtype) / (1 - self.p)
