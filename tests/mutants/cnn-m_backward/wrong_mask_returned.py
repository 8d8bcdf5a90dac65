# loses: m_backward_test
# says: it is the mask that is returned
def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout if cache is None else np.ones_like(dout) * cache
