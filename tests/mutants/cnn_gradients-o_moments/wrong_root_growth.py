# loses: o_growth_test
# says: four times as many places
mean_dw = 0
variance_dw = '(n - k + 1)^2 * sigma_x^2 * sigma_g^2'
growth = 2**0.5
