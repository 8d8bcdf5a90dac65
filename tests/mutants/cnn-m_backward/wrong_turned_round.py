# loses: m_backward_test
# says: the mask is turned round
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout if cache is None else dout * (cache == 0) * cache.max()
