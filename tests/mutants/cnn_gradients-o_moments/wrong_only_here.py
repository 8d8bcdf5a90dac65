# loses: o_variance_test
# says: must hold for every n and k
mean_dw = 0
variance_dw = '25*sigma_x^2*sigma_g^2'
growth = 2
