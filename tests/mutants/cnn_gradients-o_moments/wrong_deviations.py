# loses: o_variance_test
# says: the product of their variances
mean_dw = 0
variance_dw = '(n-k+1)^2*sigma_x*sigma_g'
growth = 2
