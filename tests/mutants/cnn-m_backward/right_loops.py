def spatial_dropout_backward(dout, cache):
    """The gradient with respect to x."""
    dx = dout.copy()
    if cache is not None:
        for n, k in np.ndindex(*dout.shape[:2]):
            dx[n, k] *= cache[n, k]
    return dx
