# loses: c_transposed_test
# says: the filter is flipped
out = np.zeros((3, 3))
for i in range(2):
    for j in range(2):
        out[i : i + 2, j : j + 2] += [[-1, 2], [3, 1]][i][j] * np.array([[1, 0], [-1, 1]])
