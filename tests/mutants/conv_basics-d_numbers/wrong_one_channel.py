# loses: d_numbers_test
# says: every filter sees all input channels
ordinary, separable = 36, 20
