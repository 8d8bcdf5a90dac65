# loses: k_loss_test, k_gradient_test
# says: instead of (loss, gradients)
def convnet_loss(net, X, y=None):
    ops, p = net.ops, net.params
    features, block = conv_relu_pool_forward(X, p["W1"], p["b1"], net.conv_param, net.pool_param)
    units, hidden = ops.affine_forward(features, p["W2"], p["b2"])
    active, gate = ops.relu_forward(units)
    scores, last = ops.affine_forward(active, p["W3"], p["b3"])
    if y is None: return scores
    loss, dlast = ops.softmax_loss(scores, y)
    for name in ("W1", "W2", "W3"): loss += net.reg / 2 * np.sum(p[name] ** 2)
    return loss
