# loses:
class WithDropout(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop, self.linear = Dropout(0.5), make_network()

    def forward(self, x):
        return self.linear(self.drop(x))


training.set_seed(2)
net_e = WithDropout()
losses_e, path_e = train_simple(net_e, batch_size=1024)
weights_e = list(path_e[-1])
