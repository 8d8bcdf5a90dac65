def spatial_batchnorm_backward(dout, cache):
    z, scale = cache
    dx, dgamma, dbeta = np.zeros_like(dout), [], []
    for k in range(dout.shape[1]):
        d, s = dout[:, k], z[:, k]
        dgamma.append((d * s).sum())
        dbeta.append(d.sum())
        dx[:, k] = scale.reshape(-1)[k] * (d - d.mean() - s * (d * s).mean())
    return dx, np.array(dgamma), np.array(dbeta)
