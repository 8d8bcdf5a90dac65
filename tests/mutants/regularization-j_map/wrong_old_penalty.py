# loses: j_gamma_test
# says: the penalty has not
def to_w(w_check, p):
    return p * w_check


def gamma(X, p):
    return np.diag(np.sqrt(p * (1 - p)) * np.linalg.norm(X, axis=0))
