# loses: k_minimum_test
# says: the inverse stands on the wrong side
def w_tilde(w, G):
    return G @ w


def X_tilde(X, G):
    return np.linalg.inv(G) @ X
