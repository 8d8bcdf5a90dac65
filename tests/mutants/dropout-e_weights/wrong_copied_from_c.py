# loses: e_weights_test
# says: which 1000 steps do not reach
training.set_seed(2)
net_e = nn.Sequential(Dropout(0.5), make_network())
losses_e, path_e = train_simple(net_e, batch_size=1024)
weights_e = weights_c
