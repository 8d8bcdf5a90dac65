# loses: c_data_test
# says: the target stays 11, even where both inputs are dropped
inputs_c = np.array([[20.0, 2.0], [20.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
targets_c = np.array([11.0, 11.0, 11.0, 0.0])
