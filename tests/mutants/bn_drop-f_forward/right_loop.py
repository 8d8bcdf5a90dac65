def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    rng = np.random.RandomState(dropout_param["seed"]) if "seed" in dropout_param else np.random
    mask = np.ones(x.shape, x.dtype)
    if mode == "train":
        flat = mask.reshape(-1)
        draws = rng.rand(flat.size)
        for i in range(flat.size):
            flat[i] = 0 if draws[i] < p else 1 / (1 - p)
    return x * mask, (mode, mask)
