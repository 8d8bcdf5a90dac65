# loses: c_transposed_test
# says: must agree for a random z
out = [[-1, 3, -2], [3, 3, 1], [0, 3, 1]]
