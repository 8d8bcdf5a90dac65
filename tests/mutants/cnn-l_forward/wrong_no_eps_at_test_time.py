# loses: l_running_test
# says: eps is missing in test mode
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    C, mode, m = x.shape[1], bn_param["mode"], bn_param.get("momentum", 0.9)
    rm = bn_param.get('running_mean', np.zeros(C, x.dtype)); rv = bn_param.get('running_var', np.zeros(C, x.dtype))
    eps = bn_param.get("eps", 1e-5)
    if mode == "train":
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3)); rm = m*rm+(1-m)*mean; rv = m*rv+(1-m)*var
    elif mode == "test": mean, var, eps = rm, rv, 0
    else: raise ValueError
    bn_param["running_mean"], bn_param["running_var"] = rm, rv
    s = (1 / np.sqrt(var + eps))[:, None, None]
    z = (x - mean[:, None, None]) * s
    return gamma[:, None, None] * z + beta[:, None, None], (z, gamma[:, None, None] * s)
