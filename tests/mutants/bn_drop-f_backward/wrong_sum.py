# loses: f_backward_test
# says: dropout_backward in training
def dropout_backward(dout, cache):
    mode, mask = cache
    return dout if mode == "test" else dout.sum() * mask
