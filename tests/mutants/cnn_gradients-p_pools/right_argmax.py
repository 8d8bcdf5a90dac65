def max_max_gradient(X, g):
    out = np.zeros((4, 4))
    out[np.unravel_index(np.argmax(X), (4, 4))] = g
    return out


def average_average_gradient(X, g):
    return np.full((4, 4), g / 16)
