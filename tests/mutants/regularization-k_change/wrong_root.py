# loses: k_minimum_test
# says: changes nothing
def w_tilde(w, G):
    return G @ w


def X_tilde(X, G):
    return X / np.sqrt(np.diag(G))
