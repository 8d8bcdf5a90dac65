# loses:
inputs_c = np.array([[20.0, 2.0], [20.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
targets_c = np.full((4, 1), 11)
