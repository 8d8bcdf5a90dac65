# loses: l_backward_test
# says: the means are over each picture alone
def spatial_batchnorm_backward(dout, cache):
    """Gradients of the training pass: dx (N, C, H, W), dgamma (C,), dbeta (C,)."""
    z, scale = cache
    dgamma, dbeta = (dout * z).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
    count = dout.size / len(dbeta)
    dx = scale * (dout - dout.mean(axis=(2, 3), keepdims=True) - z * (dout * z).mean(axis=(2, 3), keepdims=True))
    return dx, dgamma, dbeta
