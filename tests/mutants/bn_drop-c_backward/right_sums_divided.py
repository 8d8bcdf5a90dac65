def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    N, dbeta, dgamma = len(dout), dout.sum(axis=0), (z * dout).sum(axis=0)
    return gamma * inv_std / N * (N * dout - dbeta - z * dgamma), dgamma, dbeta
