# loses: d_weights_test
# says: dropout is applied after the linear layer
training.set_seed(1)
net_d = nn.Sequential(make_network(), Dropout(0.5))
losses_d, path_d = train_simple(net_d, batch_size=1)
weights_d = path_d[-1]
