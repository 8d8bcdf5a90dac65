# loses:
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = (np.random.rand(*x.shape) >= self.p) / (1 - self.p)
        return x * torch.tensor(mask, dtype=x.dtype, device=x.device)
