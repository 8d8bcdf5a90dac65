# loses: a_running_test
# says: starts from the first batch
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']; eps = bn_param.get('eps', 1e-5); m = bn_param.get('momentum', 0.9)
    if mode == 'train':
        mu = x.mean(0); var = x.var(0)
        rm = bn_param.get('running_mean', mu); rv = bn_param.get('running_var', var)
        rm = m * rm + (1 - m) * mu; rv = m * rv + (1 - m) * var
    elif mode == 'test':
        rm = mu = bn_param['running_mean']; rv = var = bn_param['running_var']
    else: raise ValueError
    bn_param.update(running_mean=rm, running_var=rv)
    s = 1 / np.sqrt(var + eps); z = (x - mu) * s
    return gamma * z + beta, (x - mu, z, gamma, s)
