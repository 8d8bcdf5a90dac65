# loses: d_numbers_test
# says: the biases are counted
ordinary, separable = 112, 46
