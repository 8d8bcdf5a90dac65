# loses: m_forward_test, m_backward_test
# says: instead of (out, cache)
def spatial_dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    return x * (np.random.rand(x.shape[0], x.shape[1], 1, 1) >= p) / (1 - p)
