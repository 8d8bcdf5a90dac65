# loses: o_variance_test
# says: places in one row
mean_dw = 0
variance_dw = '(n-k+1)*sigma_x^2*sigma_g^2'
growth = 2
