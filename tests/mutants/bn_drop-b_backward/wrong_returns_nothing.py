# loses: b_backward_test
# says: batchnorm_backward returns nothing
def batchnorm_backward(dout, cache):
    dbeta = dout.sum(0)
