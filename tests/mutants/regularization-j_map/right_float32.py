def to_w(w_check, p):
    return np.float32(p) * np.float32(w_check)


def gamma(X, p):
    return np.diag(np.sqrt(np.float32((1 - p) / p)) * np.linalg.norm(X.astype(np.float32), axis=0))
