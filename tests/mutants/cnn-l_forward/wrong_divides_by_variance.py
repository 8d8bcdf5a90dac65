# loses: l_forward_test
# says: divide by its square root
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Normalize each channel of x (N, C, H, W); gamma and beta (C,) may hold integers. Return out and cache."""
    C, mode, momentum = x.shape[1], bn_param["mode"], bn_param.get("momentum", 0.9)
    running = [bn_param.get(key, np.zeros(C, x.dtype)) for key in ("running_mean", "running_var")]
    if mode == "train":
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        running = [momentum * old + (1 - momentum) * new for old, new in zip(running, (mean, var), strict=True)]
    elif mode == "test":
        mean, var = running
    else:
        raise ValueError(f"bn_param has the unknown mode {mode!r}")
    bn_param["running_mean"], bn_param["running_var"] = running
    inv_std = (1 / (var + bn_param.get("eps", 1e-5)))[:, None, None]
    z = (x - mean[:, None, None]) * inv_std
    return gamma[:, None, None] * z + beta[:, None, None], (z, gamma[:, None, None] * inv_std)
