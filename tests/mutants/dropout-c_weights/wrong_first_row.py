# loses: c_weights_test
# says: is not zero there
weights_c = np.linalg.pinv(inputs_c[:1]) @ targets_c[:1]
