def spatial_batchnorm_backward(dout, cache):
    z, scale = cache
    N, C, H, W = dout.shape
    dz = dout * scale
    along = (dz * z).mean(axis=(0, 2, 3), keepdims=True)
    dx = dz - z * along
    dx -= dz.mean(axis=(0, 2, 3), keepdims=True)
    return dx, np.einsum("nchw,nchw->c", dout, z), np.einsum("nchw->c", dout)
