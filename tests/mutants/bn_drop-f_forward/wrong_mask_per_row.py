# loses: f_forward_test
# says: independently of each other
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    rng = np.random.RandomState(dropout_param["seed"]) if "seed" in dropout_param else np.random
    if mode == "test":
        return x, (mode, None)
    mask = (rng.rand(len(x), 1) >= p) / (1 - p)
    return (x * (mask + 0 * x)).astype(x.dtype, copy=False), (mode, mask)
