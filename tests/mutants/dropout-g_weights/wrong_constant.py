# loses: g_weights_test
def dropout_weights(p):
    return np.array([11 / 30, 11 / 3]) if p else np.array([110, 11]) / 101
