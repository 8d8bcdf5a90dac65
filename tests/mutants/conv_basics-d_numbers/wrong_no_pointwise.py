# loses: d_numbers_test
# says: the pointwise step is missing
ordinary, separable = 108, 27
