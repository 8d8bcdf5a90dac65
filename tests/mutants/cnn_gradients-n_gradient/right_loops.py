def filter_gradient(X, dY, k):
    dw = np.zeros((k, k))
    for h in range(k):
        for v in range(k):
            for i in range(len(dY)):
                for j in range(len(dY)):
                    dw[h, v] += X[i + h, j + v] * dY[i, j]
    return dw


def descent_step(w, dw, eta):
    return w - eta * dw
