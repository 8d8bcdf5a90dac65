# loses: c_transposed_test
# says: has the wrong shape
out = np.kron([[-1, 2], [3, 1]], [[1, -1], [0, 1]])
