# loses: n_step_test
# says: the weights were scaled
def filter_gradient(X, dY, k):
    m = len(dY)
    dw = np.array([[np.vdot(X[h : h + m, v : v + m], dY) for v in range(k)] for h in range(k)])
    return dw


def descent_step(w, dw, eta):
    return w * (1 - eta * dw)
