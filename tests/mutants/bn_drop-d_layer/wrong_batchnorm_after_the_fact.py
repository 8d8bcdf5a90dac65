# loses: d_layer_test
# says: the batchnorm is missing
def hidden_forward(ops, x, w, b, gamma, beta, bn_param, dropout_param):
    cache = {}
    out, cache["affine"] = ops.affine_forward(x, w, b)
    if bn_param is not None:
        _, cache["batchnorm"] = ops.batchnorm_forward(out, gamma, beta, bn_param)
    out, cache["relu"] = ops.relu_forward(out)
    if dropout_param is not None:
        out, cache["dropout"] = ops.dropout_forward(out, dropout_param)
    return out, cache


def hidden_backward(ops, dout, cache):
    dgamma = dbeta = None
    if "dropout" in cache:
        dout = ops.dropout_backward(dout, cache["dropout"])
    dout = ops.relu_backward(dout, cache["relu"])
    if "batchnorm" in cache:
        dout, dgamma, dbeta = ops.batchnorm_backward(dout, cache["batchnorm"])
    return *ops.affine_backward(dout, cache["affine"]), dgamma, dbeta
