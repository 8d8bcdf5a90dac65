# loses: m_backward_test
# says: in test mode dropout is the identity
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout / 0.6 if cache is None else dout * cache
