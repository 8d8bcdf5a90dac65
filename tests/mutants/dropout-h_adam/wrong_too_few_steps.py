# loses: h_record_test
# says: this is where Adam is after 1000 steps
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(p), make_network())
    _, path = train_simple(net, batch_size=1024, itrs=1000, optim_class=torch.optim.Adam)
    return path[-1]
