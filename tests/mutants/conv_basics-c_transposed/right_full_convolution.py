p = np.pad([[-1, 2], [3, 1]], 1)
k = np.array([[1, 0], [-1, 1]])
out = [[int(np.sum(p[i : i + 2, j : j + 2] * np.array([[1, 0], [-1, 1]]))) for j in range(3)] for i in range(3)]
