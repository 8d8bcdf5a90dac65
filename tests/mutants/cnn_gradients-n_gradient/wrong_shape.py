# loses: n_gradient_test
# says: has the wrong shape
def filter_gradient(X, dY, k):
    return dY @ X[: len(dY), :]


def descent_step(w, dw, eta):
    return w - eta * dw
