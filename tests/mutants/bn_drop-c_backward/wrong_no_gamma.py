# loses: c_backward_test
# says: gamma is missing
def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    return inv_std * (dout - dout.mean(0) - z * (dout * z).mean(0)), (dout * z).sum(0), dout.sum(0)
