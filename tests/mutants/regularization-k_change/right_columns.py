def w_tilde(w, G):
    return np.diag(G) * w


def X_tilde(X, G):
    return X / np.diag(G)
