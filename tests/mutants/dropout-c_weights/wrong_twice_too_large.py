# loses: c_weights_test
# says: is not zero there
weights_c = 2 * np.linalg.lstsq(inputs_c, targets_c, rcond=None)[0]
