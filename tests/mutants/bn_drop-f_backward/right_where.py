def dropout_backward(dout, cache):
    mode, mask = cache
    return dout if mode == "test" else np.where(mask > 0, dout * mask.max(), 0)
