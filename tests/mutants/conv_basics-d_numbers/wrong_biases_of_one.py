# loses: d_numbers_test
# says: of the pointwise step
ordinary, separable = 108, 43
