def filter_gradient(X, dY, k):
    dw = 0
    for i in range(len(dY)):
        for j in range(len(dY)):
            dw = dw + dY[i, j] * X[i : i + k, j : j + k]
    return dw


def descent_step(w, dw, eta):
    w = w.copy()
    w += -eta * dw
    return w
