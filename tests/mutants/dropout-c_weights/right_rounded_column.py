# loses:
weights_c = np.array([[0.3667], [3.6667]])
