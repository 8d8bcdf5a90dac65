# loses: g_weights_test
# says: the inputs are not divided by q
def dropout_weights(p):
    q = 1 - p
    root = np.sqrt([q * q, q * p, p * q, p * p])
    inputs = np.array([[10, 1], [10, 0], [0, 1], [0, 0]])
    return np.linalg.pinv(root[:, None] * inputs) @ (root * 11)
