# loses:
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(p), make_network())
    _, path = train_simple(net, lr=1e-3, batch_size=1024, itrs=itrs, optim_class=torch.optim.Adam)
    return list(path[-1])
