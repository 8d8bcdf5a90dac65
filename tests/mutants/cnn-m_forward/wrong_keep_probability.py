# loses: m_forward_test
# says: p is used as the probability of keeping
# seen: before hand-in
def spatial_dropout_forward(x, dropout_param):
    """Inverted dropout of whole channels; p is the probability of dropping. Return out, of the shape and dtype of x, and cache."""
    p, mode = dropout_param["p"], dropout_param["mode"]
    rng = np.random.RandomState(dropout_param["seed"]) if "seed" in dropout_param else np.random
    if mode == "test":
        return x, None
    channels = (rng.rand(*x.shape[:2], 1, 1) < p) / p
    return (x * channels).astype(x.dtype), channels
