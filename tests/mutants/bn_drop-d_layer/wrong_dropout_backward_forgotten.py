# loses: d_layer_test
# says: does not go back through dropout
def hidden_forward(ops, x, w, b, gamma, beta, bn_param, dropout_param):
    cache = {}
    out, cache["a"] = ops.affine_forward(x, w, b)
    if bn_param is not None: out, cache["b"] = ops.batchnorm_forward(out, gamma, beta, bn_param)
    out, cache["r"] = ops.relu_forward(out)
    if dropout_param is not None: out, cache["d"] = ops.dropout_forward(out, dropout_param)
    return out, cache
def hidden_backward(ops, dout, cache):
    dg = db = None
    dout = ops.relu_backward(dout, cache["r"])
    if "b" in cache: dout, dg, db = ops.batchnorm_backward(dout, cache["b"])
    return *ops.affine_backward(dout, cache["a"]), dg, db
