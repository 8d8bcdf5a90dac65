# loses: g_weights_test
def dropout_weights(p):
    a, c = np.array([110, 11]) / 101, np.array([11 / 30, 11 / 3])
    return a + (c - a) * 2 * p
