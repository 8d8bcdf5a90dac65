# loses: c_data_test
# says: the target does not depend on what is dropped
inputs_c = np.array([[20.0, 2.0], [20.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
targets_c = inputs_c.sum(axis=1)
