# loses: b_backward_test
# says: dbeta is a mean
def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    N = len(dout)
    dbeta, dgamma = dout.mean(axis=0), (dout * z).sum(axis=0)
    dz = dout * gamma
    dvar = -0.5 * inv_std**3 * (dz * centred).sum(axis=0)
    dcentred = dz * inv_std + 2 * centred * dvar / N
    dmu = -dcentred.sum(axis=0)
    return dcentred + dmu / N, dgamma, dbeta
