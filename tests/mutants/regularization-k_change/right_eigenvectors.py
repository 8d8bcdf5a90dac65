def w_tilde(w, G):
    values, Q = np.linalg.eigh(G.T @ G)
    return np.sqrt(values) * (Q.T @ w)


def X_tilde(X, G):
    values, Q = np.linalg.eigh(G.T @ G)
    return X @ Q / np.sqrt(values)
