# loses: c_data_test, c_weights_test
# says: dropout is missing
inputs_c = np.tile([[10.0, 1.0]], (4, 1))
targets_c = np.full(4, 11.0)
