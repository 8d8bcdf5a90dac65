# loses: m_backward_test
# says: the gradient is scaled, but not masked
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout if cache is None else dout * cache.max()
