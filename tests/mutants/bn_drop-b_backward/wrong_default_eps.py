# loses: b_backward_test
# says: eps
def batchnorm_backward(dout, cache):
    centred, _, gamma, _ = cache
    inv_std = 1 / np.sqrt((centred**2).mean(axis=0) + 1e-5)  # whatever bn_param said
    z = centred * inv_std
    return gamma * inv_std * (dout - dout.mean(0) - z * (dout * z).mean(0)), (dout * z).sum(0), dout.sum(0)
