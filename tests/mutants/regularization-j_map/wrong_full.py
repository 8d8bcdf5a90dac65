# loses: j_gamma_test
# says: is not diagonal
def to_w(w_check, p):
    return p * w_check


def gamma(X, p):
    return X.T @ X
