def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    N, D = dout.shape
    dx = np.zeros_like(dout)
    for d in range(D):
        jacobian = inv_std[d] * (np.eye(N) - 1 / N - np.outer(z[:, d], z[:, d]) / N)
        dx[:, d] = jacobian.T @ (dout[:, d] * gamma[d])
    return dx, (dout * z).sum(0), dout.sum(0)
