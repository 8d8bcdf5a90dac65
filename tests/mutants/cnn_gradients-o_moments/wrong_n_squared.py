# loses: o_variance_test
# says: the n^2 pixels
mean_dw = '0'
variance_dw = 'n^2*sigma_x^2*sigma_g^2'
growth = 2
