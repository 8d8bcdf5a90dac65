# loses:
weights_c = np.linalg.pinv(inputs_c) @ targets_c
