def hidden_forward(ops, x, w, b, gamma, beta, bn_param, dropout_param):
    steps = [(ops.affine_forward, ops.affine_backward, (w, b))]
    if bn_param is not None:
        steps.append((ops.batchnorm_forward, ops.batchnorm_backward, (gamma, beta, bn_param)))
    steps.append((ops.relu_forward, ops.relu_backward, ()))
    if dropout_param is not None:
        steps.append((ops.dropout_forward, ops.dropout_backward, (dropout_param,)))
    done = []
    for forward, backward, rest in steps:
        x, cache = forward(x, *rest)
        done.append((backward, cache))
    return x, done


def hidden_backward(ops, dout, cache):
    given = []
    for backward, saved in reversed(cache):
        result = backward(dout, saved)
        dout, *rest = result if isinstance(result, tuple) else (result,)
        given = [*rest, *given]
    dw, db, *norm = given
    return (dout, dw, db, *(norm or (None, None)))
