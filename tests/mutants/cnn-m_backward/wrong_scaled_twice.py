# loses: m_backward_test
# says: is in it twice
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout if cache is None else dout * cache**2
