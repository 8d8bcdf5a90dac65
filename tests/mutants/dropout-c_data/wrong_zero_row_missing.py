# loses: c_data_test, c_weights_test
# says: wrong shape
inputs_c = np.array([[20.0, 2.0], [20.0, 0.0], [0.0, 2.0]])
targets_c = np.full(3, 11.0)
