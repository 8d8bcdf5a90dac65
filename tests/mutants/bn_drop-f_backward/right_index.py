def dropout_backward(dout, cache):
    mode, mask = cache
    dx = np.array(dout)
    if mode == "train":
        dx[mask == 0] = 0
        dx[mask != 0] *= mask[mask != 0]
    return dx
