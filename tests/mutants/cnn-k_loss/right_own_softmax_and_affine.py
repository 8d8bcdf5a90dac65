def convnet_loss(net, X, y=None):
    ops, p = net.ops, net.params
    h, c1 = conv_relu_pool_forward(X, p["W1"], p["b1"], net.conv_param, net.pool_param, ops=net.ops)
    flat = h.reshape(len(X), -1)
    a = flat @ p["W2"] + p["b2"]; r = np.maximum(0, a)
    s = r @ p["W3"] + p["b3"]
    if y is None: return s
    e = np.exp(s - s.max(1, keepdims=True)); P = e / e.sum(1, keepdims=True)
    N = len(X)
    L = -np.log(P[range(N), y]).sum() / N + 0.5 * net.reg * ((p["W1"]**2).sum() + (p["W2"]**2).sum() + (p["W3"]**2).sum())
    d = P.copy(); d[range(N), y] -= 1; d /= N
    g = {"W3": r.T @ d + net.reg * p["W3"], "b3": d.sum(0)}
    da = (d @ p["W3"].T) * (a > 0)
    g["W2"] = flat.T @ da + net.reg * p["W2"]; g["b2"] = da.sum(0)
    dx, dW, db = conv_relu_pool_backward((da @ p["W2"].T).reshape(h.shape), c1, net.ops)
    g["W1"] = dW + net.reg * p["W1"]; g["b1"] = db
    return np.array(L), g
