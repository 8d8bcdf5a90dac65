def mirror(d):
    return np.eye(d) - 2 / d * np.ones((d, d))


def w_tilde(w, G):
    return mirror(len(w)) @ G @ w


def X_tilde(X, G):
    return X @ np.linalg.inv(G) @ mirror(len(G))
