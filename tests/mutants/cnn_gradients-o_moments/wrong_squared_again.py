# loses: o_variance_test
# says: not squared once more
mean_dw = 0
variance_dw = '(n-k+1)^4*sigma_x^2*sigma_g^2'
growth = 2
