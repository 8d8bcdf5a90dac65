# loses: d_layer_test
# says: instead of (out, cache)
def hidden_forward(ops, x, w, b, gamma, beta, bn_param, dropout_param):
    out, for_affine = ops.affine_forward(x, w, b)
    return ops.relu_forward(out)[0]


def hidden_backward(ops, dout, cache):
    return None
