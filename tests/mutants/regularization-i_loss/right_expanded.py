def expected_loss(X, y, w_check, p):
    G = X.T @ X
    off = G - np.diag(np.diag(G))
    return y @ y - 2 * p * y @ X @ w_check + p**2 * w_check @ off @ w_check + p * w_check @ np.diag(np.diag(G)) @ w_check
