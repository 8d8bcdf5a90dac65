# loses: e_weights_test
# says: a Dropout that gives every row of the batch its own mask
training.set_seed(2)
net_e = nn.Sequential(Dropout(0.5), make_network())
losses_e, path_e = train_simple(net_e)
weights_e = path_e[-1]
