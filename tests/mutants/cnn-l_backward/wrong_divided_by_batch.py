# loses: l_backward_test
# says: it is divided by N alone
def spatial_batchnorm_backward(dout, cache):
    """Gradients of the training pass: dx (N, C, H, W), dgamma (C,), dbeta (C,)."""
    z, scale = cache
    dgamma, dbeta = (dout * z).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
    count = len(dout)
    dx = scale * (dout - dbeta[:, None, None] / count - z * dgamma[:, None, None] / count)
    return dx, dgamma, dbeta
