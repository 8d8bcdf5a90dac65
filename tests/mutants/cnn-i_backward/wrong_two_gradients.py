# loses: i_weights_test, i_backward_test
# says: returns something else
def conv_backward_naive(dout, cache):
    padded, w, stride, pad = cache
    dx, dw = np.zeros(padded.shape), np.zeros(w.shape)
    return dx, dw
