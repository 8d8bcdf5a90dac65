def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    ones = np.ones(len(dout))
    dbeta, dgamma = ones @ dout, ones @ (dout * z)
    return gamma * inv_std * (dout - np.outer(ones, dbeta) / len(dout) - z * dgamma / len(dout)), dgamma, dbeta
