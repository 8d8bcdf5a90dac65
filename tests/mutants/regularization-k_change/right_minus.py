def w_tilde(w, G):
    return -G @ w


def X_tilde(X, G):
    return -X @ np.linalg.inv(G)
