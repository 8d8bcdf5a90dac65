# loses:
def dropout_weights(p):
    q = 1 - p
    return np.array([1.1, 11]) * q / (1 + q) if p > 0 else np.array([110, 11]) / 101
