# loses: a_forward_test, a_running_test
# says: instead of (out, cache)
def batchnorm_forward(x, gamma, beta, bn_param):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) + beta
