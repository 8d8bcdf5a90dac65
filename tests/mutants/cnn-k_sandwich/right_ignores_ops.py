def conv_relu_pool_forward(x, w, b, conv_param, pool_param, ops=yours):
    a, c1 = conv_forward_naive(x, w, b, conv_param)
    out, c2 = max_pool_forward_naive(np.maximum(a, 0), pool_param)
    return out, (c1, a, c2)
def conv_relu_pool_backward(dout, cache, ops=yours):
    c1, a, c2 = cache
    return conv_backward_naive(max_pool_backward_naive(dout, c2) * (a > 0), c1)
