# loses: k_minimum_test
# says: the features have not changed
def w_tilde(w, G):
    return G @ w


def X_tilde(X, G):
    return X
