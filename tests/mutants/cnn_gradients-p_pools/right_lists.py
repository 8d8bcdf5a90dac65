def max_max_gradient(X, g):
    return [[g if v == X.max() else 0.0 for v in row] for row in X]


def average_average_gradient(X, g):
    return [[g / 4 / 4] * 4 for _ in range(4)]
