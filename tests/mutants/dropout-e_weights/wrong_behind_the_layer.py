# loses: e_weights_test
# says: dropout is applied after the linear layer
training.set_seed(2)
net_e = nn.Sequential(make_network(), Dropout(0.5))
losses_e, path_e = train_simple(net_e, batch_size=1024)
weights_e = path_e[-1]
