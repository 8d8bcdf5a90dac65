# loses: c_backward_test
# says: wrong shape
def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    dgamma, dbeta = (dout * z).sum(axis=0, keepdims=True), dout.sum(axis=0, keepdims=True)
    return gamma * inv_std / len(dout) * (len(dout) * dout - dbeta - z * dgamma), dgamma, dbeta
