# loses: a_running_test
# says: test mode fails when bn_param holds no running averages yet
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']; eps = bn_param.get('eps', 1e-5); m = bn_param.get('momentum', 0.9)
    if mode == 'train':
        rm = bn_param.get('running_mean', np.zeros(x.shape[1], x.dtype)); rv = bn_param.get('running_var', np.zeros(x.shape[1], x.dtype))
        mu = x.mean(0); var = x.var(0)
        bn_param['running_mean'] = m * rm + (1 - m) * mu; bn_param['running_var'] = m * rv + (1 - m) * var
    elif mode == 'test': mu, var = bn_param['running_mean'], bn_param['running_var']
    else: raise ValueError
    s = 1 / np.sqrt(var + eps); z = (x - mu) * s
    return gamma * z + beta, (x - mu, z, gamma, s)
