A = np.array([[1, 4, 0], [4, 0, -2], [0, -2, 3]])
w = np.linalg.solve(A, [-2, 2, 11])
