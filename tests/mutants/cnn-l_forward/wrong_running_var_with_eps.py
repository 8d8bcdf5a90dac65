# loses: l_running_test
# says: eps belongs under the root only
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    C, eps, momentum = x.shape[1], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    rm, rv = bn_param.get("running_mean", np.zeros(C)), bn_param.get("running_var", np.zeros(C))
    if bn_param["mode"] == "train":
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3)) + eps
        rm, rv = momentum * rm + (1 - momentum) * mean, momentum * rv + (1 - momentum) * var
    elif bn_param["mode"] == "test":
        mean, var = rm, rv + eps
    else:
        raise ValueError(bn_param["mode"])
    bn_param["running_mean"], bn_param["running_var"] = rm, rv
    inv_std = (1 / np.sqrt(var))[:, None, None]
    z = (x - mean[:, None, None]) * inv_std
    return gamma[:, None, None] * z + beta[:, None, None], (z, gamma[:, None, None] * inv_std)
