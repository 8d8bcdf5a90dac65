# loses: c_weights_test
# says: least squares must see all four rows
weights_c = np.linalg.pinv(inputs_c.mean(axis=0, keepdims=True)) @ targets_c[:1]
