# loses: h_record_test
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(p), make_network())
    _, path = train_simple(net, batch_size=4, itrs=10, optim_class=torch.optim.Adam)
    return path[0]
