# loses: p_average_test
# says: that is one pooling, not two
def max_max_gradient(X, g):
    return g * (X == X.max())


def average_average_gradient(X, g):
    return np.full((4, 4), g / 4)
