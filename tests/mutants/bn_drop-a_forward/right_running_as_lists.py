def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']; eps = bn_param.get('eps', 1e-5); m = bn_param.get('momentum', 0.9)
    D = x.shape[1]
    rm = list(bn_param.get('running_mean', [0.0] * D)); rv = list(bn_param.get('running_var', [0.0] * D))
    if mode == 'train':
        mu = x.mean(0); var = x.var(0)
        rm = [m * o + (1 - m) * n for o, n in zip(rm, mu)]; rv = [m * o + (1 - m) * n for o, n in zip(rv, var)]
    elif mode == 'test': mu, var = np.array(rm), np.array(rv)
    else: raise ValueError
    bn_param['running_mean'] = rm; bn_param['running_var'] = rv
    s = 1 / np.sqrt(var + eps); z = (x - mu) * s
    return gamma * z + beta, (x - mu, z, gamma, s)
