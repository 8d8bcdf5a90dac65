def batchnorm_backward_alt(dout, cache):
    _, z, gamma, inv_std = cache
    centred = dout - dout.mean(axis=0)
    return gamma * inv_std * (centred - z * np.mean(centred * z, axis=0)), np.sum(dout * z, axis=0), np.sum(dout, axis=0)
