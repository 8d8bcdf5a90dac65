# loses: f_backward_test
# says: in it twice
def dropout_backward(dout, cache):
    mode, mask = cache
    return dout if mode == "test" else dout * mask * mask
