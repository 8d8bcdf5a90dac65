# loses: h_record_test
# says: these are Adam's weights without dropout
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(0.0), make_network())
    _, path = train_simple(net, batch_size=16, itrs=itrs, optim_class=torch.optim.Adam)
    return path[-1]
