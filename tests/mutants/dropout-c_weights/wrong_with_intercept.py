# loses: c_weights_test
# says: least squares on the rows of inputs_c
design = np.hstack([inputs_c, np.ones((4, 1))])
weights_c = np.linalg.lstsq(design, targets_c, rcond=None)[0][:2]
