# loses: m_backward_test
# says: the factor 1 / (1 - p) is not
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout if cache is None else dout * (cache > 0)
