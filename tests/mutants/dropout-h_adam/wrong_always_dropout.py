# loses: h_record_test
# says: these are the weights with dropout
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(0.5), make_network())
    _, path = train_simple(net, batch_size=1024, itrs=itrs, optim_class=torch.optim.Adam)
    return path[-1]
