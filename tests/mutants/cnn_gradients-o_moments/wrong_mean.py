# loses: o_mean_test
# says: two independent numbers with mean zero
mean_dw = 'sigma_x*sigma_g'
variance_dw = '(n - k + 1)^2 * sigma_x^2 * sigma_g^2'
growth = 2
