# loses: c_weights_test
# says: only the row where nothing is dropped
weights_c = np.linalg.pinv(inputs_c[:1]) @ targets_c[:1]
