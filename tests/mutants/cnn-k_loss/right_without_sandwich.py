def convnet_loss(net, X, y=None):
    ops, p = net.ops, net.params
    out, cache = X, []
    for name, rest in (("conv", (p["W1"], p["b1"], net.conv_param)), ("relu", ()), ("max_pool", (net.pool_param,)),
                       ("affine", (p["W2"], p["b2"])), ("relu", ()), ("affine", (p["W3"], p["b3"]))):
        out, saved = getattr(ops, f"{name}_forward")(out, *rest)
        cache.append((name, saved))
    if y is None:
        return out
    loss, dout = ops.softmax_loss(out, y)
    found = []
    for name, saved in reversed(cache):
        back = getattr(ops, f"{name}_backward")(dout, saved)
        dout = back[0] if isinstance(back, tuple) else back
        found += [back[2], back[1]] if isinstance(back, tuple) else []
    grads = dict(zip(("b3", "W3", "b2", "W2", "b1", "W1"), found, strict=True))
    weights = [name for name in p if name.startswith("W")]
    return loss + 0.5 * net.reg * sum((p[k] ** 2).sum() for k in weights), {k: v + net.reg * p[k] if k in weights else v for k, v in grads.items()}
