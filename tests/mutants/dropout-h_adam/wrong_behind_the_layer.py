# loses: h_record_test
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(make_network(), Dropout(p))
    _, path = train_simple(net, batch_size=1024, itrs=itrs, optim_class=torch.optim.Adam)
    return path[-1]
