# loses: c_transposed_test
# says: has the wrong shape
out = [[-1, 3], [3, -3]]
