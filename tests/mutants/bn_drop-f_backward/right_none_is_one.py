def dropout_backward(dout, cache):
    mask = cache[1]
    return dout * (1 if mask is None else mask)
