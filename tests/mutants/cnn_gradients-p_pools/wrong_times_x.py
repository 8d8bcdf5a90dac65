# loses: p_average_test
# says: must say how the number at the end changes
def max_max_gradient(X, g):
    return g * (X == X.max())


def average_average_gradient(X, g):
    return g * X / 16
