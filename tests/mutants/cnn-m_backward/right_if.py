def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    if cache is None:
        return dout
    return dout * cache
