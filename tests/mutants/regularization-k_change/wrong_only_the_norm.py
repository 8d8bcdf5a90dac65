# loses: k_loss_test, k_minimum_test
# says: must predict the same
def w_tilde(w, G):
    return np.linalg.norm(G @ w) * np.eye(len(w))[0]


def X_tilde(X, G):
    return X @ np.linalg.inv(G)
