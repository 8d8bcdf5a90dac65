def dropout_backward(dout, cache):
    mode, mask = cache
    dx = dout.copy()
    if mode == "train":
        dx *= mask
    return dx
