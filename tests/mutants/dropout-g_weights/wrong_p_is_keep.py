# loses: g_weights_test
# says: it is the probability of dropping
def dropout_weights(p):
    w1 = 1.1 * p / (1 + p) if p else 110 / 101
    return np.array([w1, 10 * w1 if p else 11 / 101])
