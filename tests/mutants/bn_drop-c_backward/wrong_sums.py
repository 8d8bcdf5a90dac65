# loses: c_backward_test
# says: sums stand where
def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    return gamma * inv_std * (dout - dout.sum(0) - z * (dout * z).sum(0)), (dout * z).sum(0), dout.sum(0)
