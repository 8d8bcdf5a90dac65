# loses: b_backward_test
# says: eps is missing in the z of dgamma
def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    dx = gamma * inv_std * (dout - dout.mean(0) - z * (dout * z).mean(0))
    return dx, (dout * centred).sum(0) / np.sqrt((centred**2).mean(0) + 1e-300), dout.sum(0)
