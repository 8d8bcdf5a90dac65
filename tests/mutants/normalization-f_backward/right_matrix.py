def demean_backward(g, gamma):
    n = len(g)
    return gamma * (np.eye(n) - np.ones((n, n)) / n).T @ np.asarray(g)
