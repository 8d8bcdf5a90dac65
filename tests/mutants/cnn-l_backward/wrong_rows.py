# loses: l_backward_test
# says: wrong shape
def spatial_batchnorm_backward(dout, cache):
    z, scale = cache
    dgamma, dbeta = (dout * z).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
    count = dout.size / len(dbeta)
    dx = scale * (dout - dbeta[:, None, None] / count - z * dgamma[:, None, None] / count)
    return dx, dgamma[None], dbeta[None]
