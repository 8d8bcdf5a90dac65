# loses: o_variance_test
# says: the k^2 weights
mean_dw = 0
variance_dw = 'k^2*sigma_x^2*sigma_g^2'
growth = 2
