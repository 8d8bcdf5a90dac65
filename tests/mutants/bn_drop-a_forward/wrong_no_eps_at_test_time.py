# loses: a_running_test
# says: eps is missing in test mode
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']; eps = bn_param.get('eps', 1e-5); m = bn_param.get('momentum', 0.9)
    rm = bn_param.get('running_mean', np.zeros(x.shape[1], x.dtype)); rv = bn_param.get('running_var', np.zeros(x.shape[1], x.dtype))
    if mode == 'train':
        mu = x.mean(0); var = x.var(0)
        rm = m * rm + (1 - m) * mu; rv = m * rv + (1 - m) * var
        z = (x - mu) / np.sqrt(var + eps)
    elif mode == 'test': mu, var = rm, rv; z = (x - rm) / np.sqrt(rv)
    else: raise ValueError
    bn_param.update(running_mean=rm, running_var=rv)
    s = 1 / np.sqrt(var + eps)
    return gamma * z + beta, (x - mu, z, gamma, s)
