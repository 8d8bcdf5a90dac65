# loses: f_backward_test
# says: goes through the mask too
def dropout_backward(dout, cache):
    mode, mask = cache
    return dout if mode == "test" else dout
