# loses:
class WithDropout(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop, self.linear = Dropout(0.5), make_network()

    def forward(self, x):
        return self.linear(self.drop(x))


training.set_seed(1)
net_d = WithDropout()
losses_d, path_d = train_simple(net_d, batch_size=1)
weights_d = list(path_d[-1])
