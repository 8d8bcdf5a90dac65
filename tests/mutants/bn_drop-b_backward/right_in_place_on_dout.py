# loses:
def batchnorm_backward(dout, cache):
    _, z, gamma, inv_std = cache
    dgamma, dbeta = (dout * z).sum(0), dout.sum(0)
    dout *= gamma
    dout -= dout.mean(0) + z * (dout * z).mean(0)
    dout *= inv_std
    return dout, dgamma, dbeta
