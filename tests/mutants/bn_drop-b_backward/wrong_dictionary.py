# loses: b_backward_test
# says: batchnorm_backward returns a dictionary
def batchnorm_backward(dout, cache):
    centred, z, gamma, inv_std = cache
    dx = gamma * inv_std * (dout - dout.mean(0) - z * (dout * z).mean(0))
    return {"dx": dx, "dgamma": (dout * z).sum(0), "dbeta": dout.sum(0)}
