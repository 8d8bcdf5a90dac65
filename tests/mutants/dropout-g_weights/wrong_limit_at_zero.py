# loses: g_weights_test
# says: is not your answer to (a)
def dropout_weights(p):
    q = 1 - p
    return np.array([1.1, 11]) * q / (1 + q)
