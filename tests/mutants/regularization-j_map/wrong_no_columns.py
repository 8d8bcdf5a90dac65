# loses: j_gamma_test
# says: gamma must contain the norms
def to_w(w_check, p):
    return p * w_check


def gamma(X, p):
    return np.eye(X.shape[1]) * np.sqrt((1 - p) / p)
