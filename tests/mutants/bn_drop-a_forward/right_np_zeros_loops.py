def batchnorm_forward(x, gamma, beta, bn_param):
    N, D = x.shape
    mode = bn_param['mode']; eps = bn_param.get('eps', 1e-5); momentum = bn_param.get('momentum', 0.9)
    rm = bn_param.get('running_mean', np.zeros(D)); rv = bn_param.get('running_var', np.zeros(D))
    out = np.zeros((N, D)); z = np.zeros((N, D))
    if mode == 'train':
        mu = np.zeros(D); var = np.zeros(D)
        for d in range(D):
            mu[d] = sum(x[n, d] for n in range(N)) / N
            var[d] = sum((x[n, d] - mu[d]) ** 2 for n in range(N)) / N
        rm = momentum * rm + (1 - momentum) * mu; rv = momentum * rv + (1 - momentum) * var
    elif mode == 'test':
        mu, var = rm, rv
    else:
        raise ValueError('mode')
    for n in range(N):
        for d in range(D):
            z[n, d] = (x[n, d] - mu[d]) / np.sqrt(var[d] + eps)
            out[n, d] = gamma[d] * z[n, d] + beta[d]
    bn_param['running_mean'] = rm; bn_param['running_var'] = rv
    return out, (x - mu, z, gamma, 1 / np.sqrt(var + eps))
