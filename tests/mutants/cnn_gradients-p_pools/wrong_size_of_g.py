# loses: p_average_test
# says: each pooling divides
def max_max_gradient(X, g):
    return g * (X == X.max())


def average_average_gradient(X, g):
    return np.full((4, 4), abs(g) / 16)
