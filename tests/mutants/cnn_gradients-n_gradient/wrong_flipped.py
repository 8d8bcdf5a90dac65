# loses: n_gradient_test
# says: turned by 180 degrees
def filter_gradient(X, dY, k):
    m = len(dY)
    dw = np.array([[np.vdot(X[h : h + m, v : v + m], dY) for v in range(k)] for h in range(k)])
    return dw[::-1, ::-1]


def descent_step(w, dw, eta):
    return w - eta * dw
