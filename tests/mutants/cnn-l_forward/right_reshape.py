def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean, var = (bn_param.get(key, np.zeros(x.shape[1], x.dtype)) for key in ("running_mean", "running_var"))
    if mode not in ("train", "test"):
        raise ValueError(mode)
    if mode == "train":
        here = x.mean(axis=0), x.var(axis=0)
        bn_param["running_mean"] = momentum * mean + (1 - momentum) * here[0]
        bn_param["running_var"] = momentum * var + (1 - momentum) * here[1]
        mean, var = here
    else:
        bn_param["running_mean"], bn_param["running_var"] = mean, var
    inv_std = 1 / np.sqrt(var + eps)
    z = (x - mean) * inv_std
    return gamma * z + beta, (z, gamma * inv_std)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape

    def back(flat):
        return flat.reshape(N, H, W, C).transpose(0, 3, 1, 2)

    out, (z, scale) = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, bn_param)
    return back(out), (back(z), scale[:, None, None])
