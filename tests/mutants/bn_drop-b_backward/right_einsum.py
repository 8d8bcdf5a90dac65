def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    dgamma, dbeta = np.einsum("nd,nd->d", dout, z), np.einsum("nd->d", dout)
    return (dout - (dbeta + z * dgamma) / dout.shape[0]) * (gamma * inv_std), dgamma, dbeta
