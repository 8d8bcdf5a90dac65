class NeuralNetwork(nn.Module):
    def __init__(self, do_batchnorm=False, p_dropout=0.0):
        super(NeuralNetwork, self).__init__()
        self.out = nn.Linear(256, 100)
        self.hidden = nn.Linear(64 * 16, 256)
        self.do_batchnorm, self.p_dropout = do_batchnorm, p_dropout
        self.convs = nn.ModuleList([nn.Conv2d(32, 64, 3, 2, 1), nn.Conv2d(16, 32, 3, 1, "same"), nn.Conv2d(3, 16, (3, 3), 1, (1, 1))])
        self.norms = nn.ModuleDict({str(n): nn.BatchNorm2d(n) for n in (16, 32, 64)} if do_batchnorm else {})
        self.drop = nn.Dropout(p=p_dropout)

    def block(self, x, conv):
        x = conv(x)
        if self.do_batchnorm:
            x = self.norms[str(x.shape[1])](x)
        return torch.relu(x)

    def forward(self, x):
        x = nn.MaxPool2d(2)(self.block(x, self.convs[2]))
        x = nn.MaxPool2d(2)(self.block(x, self.convs[1]))
        x = self.block(x, self.convs[0]).reshape(x.shape[0], -1)
        return self.out(self.drop(torch.clamp(self.hidden(x), min=0)))
