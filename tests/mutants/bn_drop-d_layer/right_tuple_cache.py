def hidden_forward(ops, x, w, b, gamma, beta, bn_param, dropout_param):
    a, affine = ops.affine_forward(x, w, b)
    norm = drop = None
    if bn_param is not None:
        a, norm = ops.batchnorm_forward(a, gamma, beta, bn_param)
    a, relu = ops.relu_forward(a)
    if dropout_param is not None:
        a, drop = ops.dropout_forward(a, dropout_param)
    return a, (affine, norm, relu, drop)


def hidden_backward(ops, dout, cache):
    affine, norm, relu, drop = cache
    if drop is not None:
        dout = ops.dropout_backward(dout, drop)
    dout = ops.relu_backward(dout, relu)
    dgamma, dbeta = None, None
    if norm is not None:
        dout, dgamma, dbeta = ops.batchnorm_backward(dout, norm)
    dx, dw, db = ops.affine_backward(dout, affine)
    return dx, dw, db, dgamma, dbeta
