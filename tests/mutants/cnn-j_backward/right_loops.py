def max_pool_backward_naive(dout, cache):
    x, height, width, stride = cache
    dx = np.zeros_like(x)
    for n in range(dout.shape[0]):
        for c in range(dout.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    best, at = -np.inf, None
                    for k in range(i * stride, i * stride + height):
                        for q in range(j * stride, j * stride + width):
                            if x[n, c, k, q] > best:
                                best, at = x[n, c, k, q], (n, c, k, q)
                    dx[at] += dout[n, c, i, j]
    return dx
