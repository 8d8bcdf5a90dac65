# loses: c_data_test
# says: a kept one is divided by q
inputs_c = np.array([[20.0, 2.0], [10.0, 1.0], [10.0, 0.5], [0.0, 0.5]])
targets_c = np.full(4, 11.0)
