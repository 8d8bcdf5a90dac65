def to_w(w_check, p):
    return p * w_check


def gamma(X, p):
    return np.diag(np.diag(X.T @ X * (1 - p) / p) ** 0.5)
