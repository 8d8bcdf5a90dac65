# loses:
x = np.array([10.0, 1.0])
weights_a = x * 11 / (x @ x)
