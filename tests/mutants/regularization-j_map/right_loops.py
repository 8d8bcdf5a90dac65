def to_w(w_check, p):
    return [p * v for v in w_check]


def gamma(X, p):
    G = np.zeros((X.shape[1],) * 2)
    for j in range(X.shape[1]):
        G[j, j] = np.sqrt(p * (1 - p) * np.sum(X[:, j] ** 2)) / p
    return G
