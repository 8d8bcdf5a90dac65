# loses: c_data_test
# says: the targets are not scaled
inputs_c = np.array([[20.0, 2.0], [20.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
targets_c = np.full(4, 22.0)
