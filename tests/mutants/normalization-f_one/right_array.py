gradient_of_one = np.array([0])
