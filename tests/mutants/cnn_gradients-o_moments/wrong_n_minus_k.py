# loses: o_variance_test
# says: n - k places in each direction
mean_dw = 0
variance_dw = '(n-k)^2*sigma_x^2*sigma_g^2'
growth = 2
