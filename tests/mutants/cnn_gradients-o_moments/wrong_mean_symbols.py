# loses: o_mean_test
# says: cannot be read
mean_dw = 'E[X] E[g]'
variance_dw = '(n - k + 1)^2 * sigma_x^2 * sigma_g^2'
growth = 2
