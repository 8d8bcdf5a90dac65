# loses: g_weights_test
# says: this is the limit as p goes to 0
def dropout_weights(p):
    q = 1 - p
    return np.array([1.1, 11]) * q / (1 + q)
