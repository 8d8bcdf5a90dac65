# loses: c_transposed_test
# says: must agree for a random z
out = [[-1, 2, -2], [3, 1, -1], [0, 0, 1]]
