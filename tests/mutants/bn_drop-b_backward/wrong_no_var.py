# loses: b_backward_test
# says: through var is missing
def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    N = len(dout)
    dbeta, dgamma = dout.sum(axis=0), (dout * z).sum(axis=0)
    dz = dout * gamma
    dvar = -0.5 * inv_std**3 * (dz * centred).sum(axis=0)
    dcentred = dz * inv_std
    dmu = -dcentred.sum(axis=0)
    return dcentred + dmu / N, dgamma, dbeta
