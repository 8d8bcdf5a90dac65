# loses: c_weights_test
# says: least squares on the rows of inputs_c
weights_c = np.mean([np.linalg.pinv(row[None]) @ [11.0] for row in inputs_c], axis=0)
