# loses: g_weights_test
# says: the survivors are doubled
def dropout_weights(p):
    q = 1 - p
    root = np.sqrt([q * q, q * p, p * q, p * p])
    inputs = 2 * np.array([[10, 1], [10, 0], [0, 1], [0, 0]]) if p else np.array([[10, 1]] * 4)
    return np.linalg.pinv(root[:, None] * inputs) @ (root * 11)
