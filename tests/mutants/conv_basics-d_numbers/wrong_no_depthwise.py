# loses: d_numbers_test
# says: the depthwise step is missing
ordinary, separable = 108, 12
