# loses: d_weights_test
# says: these are the weights without dropout
training.set_seed(1)
net_d = make_network()
losses_d, path_d = train_simple(net_d, batch_size=1)
weights_d = path_d[-1]
