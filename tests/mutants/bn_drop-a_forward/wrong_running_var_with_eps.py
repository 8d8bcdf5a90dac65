# loses: a_running_test
# says: eps belongs under the root only
def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    rm = bn_param.get("running_mean", np.zeros(x.shape[1]))
    rv = bn_param.get("running_var", np.zeros(x.shape[1]))
    if bn_param["mode"] == "train":
        mu, var = x.mean(axis=0), x.var(axis=0) + eps
        rm = momentum * rm + (1 - momentum) * mu
        rv = momentum * rv + (1 - momentum) * var
    elif bn_param["mode"] == "test":
        mu, var = rm, rv + eps
    else:
        raise ValueError(bn_param["mode"])
    bn_param["running_mean"], bn_param["running_var"] = rm, rv
    inv_std = 1 / np.sqrt(var)
    z = (x - mu) * inv_std
    return gamma * z + beta, (x - mu, z, gamma, inv_std)
