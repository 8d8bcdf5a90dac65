# loses: k_minimum_test
# says: multiplies where it should divide
def w_tilde(w, G):
    return G @ w


def X_tilde(X, G):
    return X @ G
