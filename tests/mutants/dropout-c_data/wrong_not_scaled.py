# loses: c_data_test
# says: the survivors are not divided by q
inputs_c = np.array([[10.0, 1.0], [10.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
targets_c = np.full(4, 11.0)
