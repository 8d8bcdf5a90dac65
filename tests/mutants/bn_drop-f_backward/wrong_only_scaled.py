# loses: f_backward_test
# says: not masked
def dropout_backward(dout, cache):
    mode, mask = cache
    return dout if mode == "test" else dout * mask.max()
