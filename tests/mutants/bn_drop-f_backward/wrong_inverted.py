# loses: f_backward_test
# says: same mask
def dropout_backward(dout, cache):
    mode, mask = cache
    return dout if mode == "test" else dout * (mask == 0) / 0.7
