# loses: f_backward_test
# says: in test mode
def dropout_backward(dout, cache):
    mode, mask = cache
    return 0 * dout if mode == "test" else dout * mask
