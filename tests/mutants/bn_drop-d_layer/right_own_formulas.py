def hidden_forward(ops, x, w, b, gamma, beta, bn_param, dropout_param):
    a = x @ w + b
    out, norm = (a, None) if bn_param is None else ops.batchnorm_forward(a, gamma, beta, bn_param)
    active = np.maximum(out, 0)
    final, drop = (active, None) if dropout_param is None else ops.dropout_forward(active, dropout_param)
    return final, (x, w, out > 0, norm, drop)


def hidden_backward(ops, dout, cache):
    x, w, positive, norm, drop = cache
    dout = (dout if drop is None else ops.dropout_backward(dout, drop)) * positive
    dgamma = dbeta = None
    if norm is not None:
        dout, dgamma, dbeta = ops.batchnorm_backward(dout, norm)
    return dout @ w.T, x.T @ dout, dout.sum(axis=0), dgamma, dbeta
