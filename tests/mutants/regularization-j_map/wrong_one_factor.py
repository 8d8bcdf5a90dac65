# loses: j_gamma_test
# says: only one of the two factors
def to_w(w_check, p):
    return p * w_check


def gamma(X, p):
    return np.diag(np.sqrt(1 - p) * np.linalg.norm(X, axis=0))
