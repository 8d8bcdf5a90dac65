# loses: k_loss_test, k_gradient_test
# says: the gradient of the regularization is missing
def convnet_loss(net, X, y=None):
    ops, p = net.ops, net.params
    h, c1 = conv_relu_pool_forward(X, p["W1"], p["b1"], net.conv_param, net.pool_param, ops)
    a, c2 = ops.affine_forward(h, p["W2"], p["b2"])
    r, c3 = ops.relu_forward(a)
    scores, c4 = ops.affine_forward(r, p["W3"], p["b3"])
    if y is None:
        return scores
    loss, d = ops.softmax_loss(scores, y)
    loss += net.reg * sum((p[k] ** 2).sum() for k in ("W1", "W2", "W3"))
    grads = {}
    d, grads["W3"], grads["b3"] = ops.affine_backward(d, c4)
    d, grads["W2"], grads["b2"] = ops.affine_backward(ops.relu_backward(d, c3), c2)
    _, grads["W1"], grads["b1"] = conv_relu_pool_backward(d, c1, ops)
    return loss, grads
