def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] not in ("train", "test"):
        raise ValueError("no such mode")
    N, D = x.shape
    out, means, stds = np.zeros_like(x), np.zeros(D), np.zeros(D)
    running_mean = np.array(bn_param.get("running_mean", np.zeros(D)), float)
    running_var = np.array(bn_param.get("running_var", np.zeros(D)), float)
    m, eps = bn_param.get("momentum", 0.9), bn_param.get("eps", 1e-5)
    for d in range(D):
        if bn_param["mode"] == "train":
            means[d] = sum(x[:, d]) / N
            var = sum((v - means[d]) ** 2 for v in x[:, d]) / N
            running_mean[d] = m * running_mean[d] + (1 - m) * means[d]
            running_var[d] = m * running_var[d] + (1 - m) * var
        else:
            means[d], var = running_mean[d], running_var[d]
        stds[d] = (var + eps) ** 0.5
        for n in range(N):
            out[n, d] = gamma[d] * (x[n, d] - means[d]) / stds[d] + beta[d]
    bn_param.update(running_mean=running_mean, running_var=running_var)
    return out, {"x": x, "mean": means, "std": stds, "gamma": gamma}
