# loses: d_numbers_test
# says: does not have fewer parameters
ordinary, separable = 108, 120
