# loses: c_weights_test
# says: twice too large: the survivors are not divided
weights_c = 2 * np.linalg.lstsq(inputs_c, targets_c, rcond=None)[0]
