# loses: o_variance_test
# says: unknown symbol
mean_dw = 0
variance_dw = '(n-k+1)^2*s^2'
growth = 2
