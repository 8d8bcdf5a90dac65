# loses: p_max_test
# says: only one of them wins the second
def max_max_gradient(X, g):
    first = np.array([[X[i : i + 2, j : j + 2].max() for j in (0, 2)] for i in (0, 2)])
    return g * (X == np.kron(first, np.ones((2, 2))))


def average_average_gradient(X, g):
    return np.full((4, 4), g / 16)
