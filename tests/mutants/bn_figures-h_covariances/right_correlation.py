plain_after = np.diag([1, 1])
tilted_after = np.array([[4, 1.6], [1.6, 1]]) / np.outer([2, 1], [2, 1])
