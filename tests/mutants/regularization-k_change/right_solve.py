def w_tilde(w, G):
    return G @ w


def X_tilde(X, G):
    return np.linalg.solve(G.T, X.T).T
