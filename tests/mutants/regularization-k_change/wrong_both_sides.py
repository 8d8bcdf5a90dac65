# loses: k_loss_test, k_minimum_test
# says: must be the old penalty
def w_tilde(w, G):
    return G @ w[::-1]


def X_tilde(X, G):
    return X[:, ::-1] @ np.linalg.inv(G)
