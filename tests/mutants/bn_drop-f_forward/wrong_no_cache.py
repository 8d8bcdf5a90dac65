# loses: f_forward_test, f_backward_test
# says: dropout_forward returns one thing instead of (out, cache)
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    mask = (np.random.rand(*x.shape) >= p) / (1 - p)
    return x * mask
