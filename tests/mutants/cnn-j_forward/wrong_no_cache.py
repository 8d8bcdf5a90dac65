# loses: j_forward_test, j_backward_test
# says: instead of (out, cache)
def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    return np.array([[[[x[n, c, i*s:i*s+ph, j*s:j*s+pw].max() for j in range(1 + (W - pw) // s)] for i in range(1 + (H - ph) // s)] for c in range(C)] for n in range(N)])
