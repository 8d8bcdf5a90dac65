# loses: d_numbers_test
# says: does not have fewer parameters
ordinary = 108
separable = [120]
