def hidden_forward(ops, x, w, b, gamma, beta, bn_param, dropout_param):
    a, fc = ops.affine_forward(x, w, b)
    bn = None
    if gamma is not None: a, bn = ops.batchnorm_forward(a, gamma, beta, bn_param)
    h, rl = ops.relu_forward(a)
    dr = None
    if dropout_param: h, dr = ops.dropout_forward(h, dropout_param)
    return h, [fc, bn, rl, dr]
def hidden_backward(ops, dout, cache):
    fc, bn, rl, dr = cache
    if dr: dout = ops.dropout_backward(dout, dr)
    d = ops.relu_backward(dout, rl)
    dgamma, dbeta = None, None
    if bn: d, dgamma, dbeta = ops.batchnorm_backward(d, bn)
    dx, dw, db = ops.affine_backward(d, fc)
    return [dx, dw, db, dgamma, dbeta]
