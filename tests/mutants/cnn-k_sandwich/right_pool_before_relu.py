def conv_relu_pool_forward(x, w, b, conv_param, pool_param, ops=yours):
    a, conv = ops.conv_forward(x, w, b, conv_param)
    p, pool = ops.max_pool_forward(a, pool_param)
    out, relu = ops.relu_forward(p)
    return out, (conv, pool, relu)


def conv_relu_pool_backward(dout, cache, ops=yours):
    conv, pool, relu = cache
    return ops.conv_backward(ops.max_pool_backward(ops.relu_backward(dout, relu), pool), conv)
