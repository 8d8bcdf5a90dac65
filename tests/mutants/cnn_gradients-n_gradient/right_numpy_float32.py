def slide(X, dY):
    m = len(dY)
    k = len(X) - m + 1
    return [[np.sum(X[h : h + m, v : v + m] * dY) for v in range(k)] for h in range(k)]


def filter_gradient(X, dY, k):
    return slide(X.astype(np.float32), dY.astype(np.float32))


def descent_step(w, dw, eta):
    return np.float32(w) - np.float32(eta) * np.float32(dw)
