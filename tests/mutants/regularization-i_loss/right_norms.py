def expected_loss(X, y, w_check, p):
    gamma = np.linalg.norm(X, axis=0)
    return np.linalg.norm(y - p * (X @ w_check)) ** 2 + (p - p * p) * np.linalg.norm(gamma * w_check) ** 2
