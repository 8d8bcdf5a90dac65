# loses: i_loss_test
# says: the variance of a coin is
def expected_loss(X, y, w_check, p):
    e = np.sum((y - p * X @ w_check) ** 2)
    v = np.sum((X * w_check) ** 2)
    return e + (1 - p) * v
