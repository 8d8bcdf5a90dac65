# loses:
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(p), make_network())
    _, path = train_simple(net, batch_size=1024, itrs=itrs, optim_class=torch.optim.Adam)
    return net[1].weight.detach()
