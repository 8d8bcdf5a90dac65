# loses: j_gamma_test
# says: the root is missing
def to_w(w_check, p):
    return p * w_check


def gamma(X, p):
    return np.diag((1 - p) / p * np.sum(X**2, axis=0))
