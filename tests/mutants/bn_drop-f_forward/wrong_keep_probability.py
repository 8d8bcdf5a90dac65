# loses: f_forward_test
# says: the probability of keeping
# seen: before hand-in
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    rng = np.random.RandomState(dropout_param["seed"]) if "seed" in dropout_param else np.random
    if mode == "test":
        return x, (mode, None)
    mask = (rng.rand(*x.shape) < p) / p
    return (x * mask).astype(x.dtype, copy=False), (mode, mask)
