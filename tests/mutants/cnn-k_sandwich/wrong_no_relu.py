# loses: k_sandwich_test
# says: there is a ReLU between
def conv_relu_pool_forward(x, w, b, conv_param, pool_param, ops=yours):
    """Convolution, then ReLU, then max pool. Return out and cache."""
    a, for_conv = ops.conv_forward(x, w, b, conv_param)
    r, for_relu = a, a
    out, for_pool = ops.max_pool_forward(r, pool_param)
    return out, (for_conv, for_relu, for_pool)


def conv_relu_pool_backward(dout, cache, ops=yours):
    """Back through it: the gradients of x, w and b."""
    for_conv, for_relu, for_pool = cache
    dr = ops.max_pool_backward(dout, for_pool)
    da = ops.relu_backward(dr, for_relu)
    return ops.conv_backward(da, for_conv)
