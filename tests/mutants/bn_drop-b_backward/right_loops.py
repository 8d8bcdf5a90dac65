def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    N, D = dout.shape
    dx, dgamma, dbeta = np.empty((N, D)), np.zeros(D), np.zeros(D)
    for d in range(D):
        for n in range(N):
            dgamma[d] += dout[n, d] * z[n, d]
            dbeta[d] += dout[n, d]
        for n in range(N):
            dx[n, d] = gamma[d] * inv_std[d] * (dout[n, d] - dbeta[d] / N - z[n, d] * dgamma[d] / N)
    return dx, dgamma, dbeta
