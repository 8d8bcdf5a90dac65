def max_pool_backward_naive(dout, cache):
    x, height, width, stride = cache
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        here = np.s_[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
        flat = x[here].reshape(*x.shape[:2], -1)
        first = np.arange(height * width) == flat.argmax(axis=2)[..., None]
        dx[here] += (first * dout[:, :, i, j, None]).reshape(x[here].shape)
    return dx
