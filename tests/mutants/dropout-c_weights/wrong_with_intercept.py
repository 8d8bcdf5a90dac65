# loses: c_weights_test
# says: is not zero there
design = np.hstack([inputs_c, np.ones((4, 1))])
weights_c = np.linalg.lstsq(design, targets_c, rcond=None)[0][:2]
