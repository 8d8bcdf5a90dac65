def max_pool_forward_naive(x, pool_param):
    height, width, stride = (pool_param[key] for key in ("pool_height", "pool_width", "stride"))
    OH, OW = 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride
    out = np.full((*x.shape[:2], OH, OW), -np.inf, x.dtype)
    for k, q in np.ndindex(height, width):
        np.maximum(out, x[:, :, k : k + stride * OH : stride, q : q + stride * OW : stride], out=out)
    return out, (x, height, width, stride)
