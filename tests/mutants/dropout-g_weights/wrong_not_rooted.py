# loses: g_weights_test
# says: use the square root of it
def dropout_weights(p):
    q = 1 - p
    chances = np.array([q * q, q * p, p * q, p * p])
    inputs = np.array([[10 / q, 1 / q], [10 / q, 0], [0, 1 / q], [0, 0]])
    return np.linalg.pinv(chances[:, None] * inputs) @ (chances * 11)
