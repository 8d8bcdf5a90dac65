def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    OH, OW = (H - height) // stride + 1, (W - width) // stride + 1
    out = np.empty((N, C, OH, OW), x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    best = -np.inf
                    for k in range(height):
                        for q in range(width):
                            best = max(best, x[n, c, i * stride + k, j * stride + q])
                    out[n, c, i, j] = best
    return out, (x, height, width, stride)
