A = np.array([[1, 4, 0], [4, 0, -2], [0, -2, 3]], dtype=np.float32)
w = np.linalg.solve(A, np.array([-2, 2, 11], dtype=np.float32))
