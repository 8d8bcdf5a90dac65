# loses: c_weights_test
# says: in the wrong order
weights_c = np.linalg.lstsq(inputs_c, targets_c, rcond=None)[0][::-1]
