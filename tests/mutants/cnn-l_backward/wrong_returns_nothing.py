# loses: l_backward_test
# says: spatial_batchnorm_backward returns nothing
def spatial_batchnorm_backward(dout, cache):
    dbeta = dout.sum(axis=(0, 2, 3))
