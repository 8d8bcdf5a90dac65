# loses: d_dropout_test
# says: one mask for the whole batch
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = (torch.rand(x.shape[1:]) if x.dim() > 1 else torch.rand(x.shape)) >= self.p
        return x * mask / (1 - self.p)
