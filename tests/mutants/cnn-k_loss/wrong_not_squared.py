# loses: k_loss_test
# says: without squaring
def convnet_loss(net, X, y=None):
    """Without y: the scores (N, classes). With y: the loss, and a dictionary with the gradient of every parameter."""
    ops, p = net.ops, net.params
    features, block = conv_relu_pool_forward(X, p["W1"], p["b1"], net.conv_param, net.pool_param, ops)
    units, hidden = ops.affine_forward(features, p["W2"], p["b2"])
    active, gate = ops.relu_forward(units)
    scores, last = ops.affine_forward(active, p["W3"], p["b3"])
    if y is None:
        return scores
    loss, dlast = ops.softmax_loss(scores, y)
    gradients = {}
    dactive, gradients["W3"], gradients["b3"] = ops.affine_backward(dlast, last)
    dfeatures, gradients["W2"], gradients["b2"] = ops.affine_backward(ops.relu_backward(dactive, gate), hidden)
    _, gradients["W1"], gradients["b1"] = conv_relu_pool_backward(dfeatures, block, ops)
    for name in ("W1", "W2", "W3"):
        loss += net.reg / 2 * np.sum(p[name])
        gradients[name] = gradients[name] + net.reg * p[name]
    return loss, gradients
