def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    dgamma, dbeta = np.einsum("nd,nd->d", dout, z), dout.sum(axis=0)
    dx = z * (-dgamma / len(dout))
    dx += dout
    dx -= dbeta / len(dout)
    dx *= gamma * inv_std
    return dx, dgamma, dbeta
