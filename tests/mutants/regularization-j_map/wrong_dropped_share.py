# loses: j_w_test
# says: the share that is dropped
def to_w(w_check, p):
    return (1 - p) * w_check


def gamma(X, p):
    return np.diag(np.sqrt((1 - p) / p) * np.linalg.norm(X, axis=0))
