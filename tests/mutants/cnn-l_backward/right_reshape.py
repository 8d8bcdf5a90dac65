def spatial_batchnorm_backward(dout, cache):
    z, scale = cache
    N, C, H, W = dout.shape
    flat, zs = (a.transpose(0, 2, 3, 1).reshape(-1, C) for a in (dout, z))
    dx = flat - flat.mean(axis=0) - zs * (flat * zs).mean(axis=0)
    return scale * dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), (flat * zs).sum(axis=0), flat.sum(axis=0)
