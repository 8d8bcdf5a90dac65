# loses: j_w_test
# says: only a share p
def to_w(w_check, p):
    return w_check


def gamma(X, p):
    return np.diag(np.sqrt((1 - p) / p) * np.linalg.norm(X, axis=0))
