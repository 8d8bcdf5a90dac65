# loses: j_w_test
# says: they are multiplied
def to_w(w_check, p):
    return w_check / p


def gamma(X, p):
    return np.diag(np.sqrt((1 - p) / p) * np.linalg.norm(X, axis=0))
