# loses: i_loss_test
# says: grows with the size of its column
def expected_loss(X, y, w_check, p):
    e = np.sum((y - p * X @ w_check) ** 2)
    v = np.sum((X * w_check) ** 2)
    return e + p * (1 - p) * np.sum(w_check**2)
