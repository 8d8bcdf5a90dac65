def demean_backward(g):
    g = np.array(g, dtype=float)
    g -= g.sum() / g.size
    return g[:, None]
