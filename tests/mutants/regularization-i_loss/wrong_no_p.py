# loses: i_loss_test
# says: on average only p X w
def expected_loss(X, y, w_check, p):
    e = np.sum((y - p * X @ w_check) ** 2)
    v = np.sum((X * w_check) ** 2)
    return np.sum((y - X @ w_check) ** 2) + p * (1 - p) * v
