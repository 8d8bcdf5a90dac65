# loses: l_backward_test
# says: eps is missing in the z of dgamma
def spatial_batchnorm_backward(dout, cache):
    z, scale = cache
    dgamma, dbeta = (dout * z).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
    count = dout.size / len(dbeta)
    dx = scale * (dout - dbeta[:, None, None] / count - z * dgamma[:, None, None] / count)
    return dx, dgamma / z.std(axis=(0, 2, 3)), dbeta
