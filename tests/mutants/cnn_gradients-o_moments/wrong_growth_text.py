# loses: o_growth_test
# says: is not made of numbers
mean_dw = 0
variance_dw = '(n - k + 1)^2 * sigma_x^2 * sigma_g^2'
growth = 'n'
