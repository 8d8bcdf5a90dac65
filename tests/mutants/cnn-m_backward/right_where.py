def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    return dout if cache is None else np.where(cache > 0, dout * cache.max(), 0.0)
