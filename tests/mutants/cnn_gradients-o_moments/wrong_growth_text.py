# loses: o_growth_test
# says: does not consist of numbers only
mean_dw = 0
variance_dw = '(n - k + 1)^2 * sigma_x^2 * sigma_g^2'
growth = 'n'
