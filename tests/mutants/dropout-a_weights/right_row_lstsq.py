# loses:
weights_a = np.linalg.lstsq(np.array([[10.0, 1.0]]), np.array([[11.0]]), rcond=None)[0].T
