# loses: n_gradient_test
# says: must say how the loss changes
def filter_gradient(X, dY, k):
    return X[:k, :k] * dY[0, 0]


def descent_step(w, dw, eta):
    return w - eta * dw
