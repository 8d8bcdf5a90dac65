# loses: o_mean_test
# says: is not right
mean_dw = 1
variance_dw = '(n - k + 1)^2 * sigma_x^2 * sigma_g^2'
growth = 2
