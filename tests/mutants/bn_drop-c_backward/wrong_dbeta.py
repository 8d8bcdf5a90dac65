# loses: c_backward_test
# says: dbeta is a mean
def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    return gamma * inv_std * (dout - dout.mean(0) - z * (dout * z).mean(0)), (dout * z).sum(0), dout.mean(0)
