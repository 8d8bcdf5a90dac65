# loses: e_weights_test
# says: batch size 1024, 1000 steps
training.set_seed(2)
net_e = nn.Sequential(Dropout(0.5), make_network())
losses_e, path_e = train_simple(net_e)
weights_e = path_e[-1]
