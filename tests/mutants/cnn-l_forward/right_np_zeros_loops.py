def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    mode, eps, m = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    rm = bn_param.get('running_mean', np.zeros(C)); rv = bn_param.get('running_var', np.zeros(C))
    out = np.zeros(x.shape); z = np.zeros(x.shape); sc = np.zeros((C, 1, 1))
    rm, rv = rm.copy(), rv.copy()
    if mode not in ('train', 'test'): raise ValueError
    for c in range(C):
        mu, var = (x[:, c].mean(), x[:, c].var()) if mode == 'train' else (rm[c], rv[c])
        if mode == 'train':
            rm[c] = m * rm[c] + (1 - m) * mu; rv[c] = m * rv[c] + (1 - m) * var
        z[:, c] = (x[:, c] - mu) / np.sqrt(var + eps); sc[c] = gamma[c] / np.sqrt(var + eps)
        out[:, c] = gamma[c] * z[:, c] + beta[c]
    bn_param['running_mean'], bn_param['running_var'] = rm, rv
    return out, (z, sc)
