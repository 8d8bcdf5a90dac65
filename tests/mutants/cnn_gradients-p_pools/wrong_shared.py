# loses: p_max_test
# says: goes to the winner
def max_max_gradient(X, g):
    return g / 16 * (X == X.max())


def average_average_gradient(X, g):
    return np.full((4, 4), g / 16)
