# loses: c_data_test, c_weights_test
# says: are dropped independently, not together
inputs_c = np.array([[20.0, 2.0], [0.0, 0.0], [20.0, 2.0], [0.0, 0.0]])
targets_c = np.full(4, 11.0)
