# loses: c_backward_test
# says: subtract the mean of dout
def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    return gamma * inv_std * (dout - z * (dout * z).mean(0)), (dout * z).sum(0), dout.sum(0)
