# loses: k_loss_test
# says: the factor 1/2 of the regularization is missing
# seen: before hand-in
def convnet_loss(net, X, y=None):
    ops, p = net.ops, net.params
    h, c1 = conv_relu_pool_forward(X, p["W1"], p["b1"], net.conv_param, net.pool_param, ops)
    a, c2 = ops.affine_forward(h, p["W2"], p["b2"])
    r, c3 = ops.relu_forward(a)
    scores, c4 = ops.affine_forward(r, p["W3"], p["b3"])
    if y is None:
        return scores
    loss, d = ops.softmax_loss(scores, y)
    loss += net.reg * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum() + (p["W3"] ** 2).sum())
    grads = {}
    d, grads["W3"], grads["b3"] = ops.affine_backward(d, c4)
    d, grads["W2"], grads["b2"] = ops.affine_backward(ops.relu_backward(d, c3), c2)
    _, grads["W1"], grads["b1"] = conv_relu_pool_backward(d, c1, ops)
    for k in ("W1", "W2", "W3"):
        grads[k] = grads[k] + 2 * net.reg * p[k]
    return loss, grads
