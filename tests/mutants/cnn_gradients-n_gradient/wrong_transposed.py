# loses: n_gradient_test
# says: rows and columns are exchanged
def filter_gradient(X, dY, k):
    m = len(dY)
    dw = np.array([[np.vdot(X[h : h + m, v : v + m], dY) for v in range(k)] for h in range(k)])
    return dw.T


def descent_step(w, dw, eta):
    return w - eta * dw
