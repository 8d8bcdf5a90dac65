# loses: c_transposed_test
# says: out is a single number
out = [[-2]]
