def to_w(w_check, p):
    return p * w_check


def gamma(X, p):
    return -np.diag(np.sqrt((1 / p - 1) * (X * X).sum(0)))
