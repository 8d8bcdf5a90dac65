# loses: c_weights_test
# says: these are the contributions
weights_c = np.linalg.lstsq(inputs_c, targets_c, rcond=None)[0] * np.array([10.0, 1.0])
