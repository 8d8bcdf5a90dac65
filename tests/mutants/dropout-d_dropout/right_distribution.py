# loses:
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.q = 1 - p

    def forward(self, x):
        if not self.training:
            return x
        keep = torch.distributions.Bernoulli(probs=self.q).sample(x.shape).to(x)
        return x * keep / self.q
