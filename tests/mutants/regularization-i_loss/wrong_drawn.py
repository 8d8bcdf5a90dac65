# loses: i_loss_test
# says: must be the average over all 64 masks
def expected_loss(X, y, w_check, p):
    rng = np.random.default_rng(0)
    return np.mean([np.sum((y - ((rng.random(X.shape) < p) * X) @ w_check) ** 2) for _ in range(500)])
