# loses: m_backward_test
# says: averaged over its pixels
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout if cache is None else np.ones_like(dout) * (dout * cache).mean(axis=(2, 3), keepdims=True)
