# loses: m_forward_test
# says: draw a mask in training mode
def spatial_dropout_forward(x, dropout_param):
    """Inverted dropout of whole channels; p is the probability of dropping. Return out, of the shape and dtype of x, and cache."""
    p, mode = dropout_param["p"], dropout_param["mode"]
    rng = np.random.RandomState(dropout_param["seed"]) if "seed" in dropout_param else np.random
    if mode == "train":
        return x, None
    channels = (rng.rand(*x.shape[:2], 1, 1) >= p) / (1 - p)
    return (x * channels).astype(x.dtype), channels
