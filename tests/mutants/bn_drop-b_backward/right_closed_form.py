def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    return gamma * inv_std * (dout - dout.mean(0) - z * (dout * z).mean(0)), (dout * z).sum(0), dout.sum(0)
