# loses: b_backward_test
# says: treated as constants
def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    N = len(dout)
    dbeta, dgamma = dout.sum(axis=0), (dout * z).sum(axis=0)
    dz = dout * gamma
    dvar = -0.5 * inv_std**3 * (dz * centred).sum(axis=0)
    dcentred = dz * inv_std + 2 * centred * dvar / N
    dmu = -dcentred.sum(axis=0)
    return dz * inv_std, dgamma, dbeta
