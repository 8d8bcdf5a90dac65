# loses:
inputs_c = np.array([[0, 0], [0, 2], [20, 0], [20, 2]])
targets_c = np.full(4, 11.0)
