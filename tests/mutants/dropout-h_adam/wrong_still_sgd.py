# loses: h_record_test
# says: these are SGD's weights
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(p), make_network())
    _, path = train_simple(net, batch_size=1024, itrs=itrs)
    return path[-1]
