# loses: d_numbers_test
# says: has no fewer parameters
ordinary = 108
separable = [120]
