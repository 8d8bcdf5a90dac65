# loses: a_weights_test
# says: has the wrong size
weights_a = 11 / 101
