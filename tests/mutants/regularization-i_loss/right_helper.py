def enumerated(X, w):
    return np.sum((X * w) ** 2)


def expected_loss(X, y, w_check, p):
    return np.sum((y - p * X @ w_check) ** 2) + p * (1 - p) * enumerated(X, w_check)
