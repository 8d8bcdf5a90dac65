def dropout_backward(dout, cache):
    mode, mask = cache
    if mode == "train":
        dout *= mask
    return dout
