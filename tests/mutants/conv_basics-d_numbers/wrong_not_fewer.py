# loses: d_numbers_test
# says: has no fewer parameters
ordinary, separable = 108, 120
