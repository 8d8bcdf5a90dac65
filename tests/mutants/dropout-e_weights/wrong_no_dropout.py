# loses: e_weights_test
# says: these are the weights without dropout
training.set_seed(2)
net_e = make_network()
losses_e, path_e = train_simple(net_e, batch_size=1024)
weights_e = path_e[-1]
