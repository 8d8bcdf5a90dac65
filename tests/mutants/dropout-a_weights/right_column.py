# loses:
weights_a = np.linalg.pinv(np.array([[10, 1]])) @ np.array([[11]])
